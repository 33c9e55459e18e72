CREATE TRIGGER booked_files_stays BEFORE UPDATE OF coop_id ON booked_files WHEN NEW.coop_id <> OLD.coop_id BEGIN SELECT RAISE(ABORT, 'ekopz: a row cannot change its cooperative'); END
