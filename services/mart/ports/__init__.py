"""The services outside: who takes payments, who carries parcels; and the text of a QRIS."""
