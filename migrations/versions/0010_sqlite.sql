CREATE TRIGGER till_conflicts_stays BEFORE UPDATE OF coop_id ON till_conflicts WHEN NEW.coop_id <> OLD.coop_id BEGIN SELECT RAISE(ABORT, 'ekopz: a row cannot change its cooperative'); END
