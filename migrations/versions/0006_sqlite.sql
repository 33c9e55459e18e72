CREATE TRIGGER loan_transfers_stays BEFORE UPDATE OF coop_id ON loan_transfers WHEN NEW.coop_id <> OLD.coop_id BEGIN SELECT RAISE(ABORT, 'ekopz: a row cannot change its cooperative'); END
