CREATE TRIGGER import_runs_stays BEFORE UPDATE OF coop_id ON import_runs WHEN NEW.coop_id <> OLD.coop_id BEGIN SELECT RAISE(ABORT, 'ekopz: a row cannot change its cooperative'); END
