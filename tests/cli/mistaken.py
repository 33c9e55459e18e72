"""A command with a mistake in it, as any of ours may have one day."""


def add_parser(subparsers):
    subparsers.add_parser("verify").set_defaults(run=lambda arguments: 1 // 0)
