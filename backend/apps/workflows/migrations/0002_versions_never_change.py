"""A version that a run points at must mean tomorrow what it meant when the run started: the database itself refuses."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION workflow_version_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.id IS DISTINCT FROM OLD.id OR NEW.workflow_id IS DISTINCT FROM OLD.workflow_id
       OR NEW.number IS DISTINCT FROM OLD.number OR NEW.document IS DISTINCT FROM OLD.document
       OR NEW.hash IS DISTINCT FROM OLD.hash OR NEW.created_at IS DISTINCT FROM OLD.created_at THEN
        RAISE EXCEPTION 'a workflow version never changes' USING ERRCODE = 'integrity_constraint_violation',
            CONSTRAINT = 'workflow_version_immutable';
    END IF;
    IF OLD.released_at IS NOT NULL AND (NEW.released_at, NEW.name, NEW.notes)
       IS DISTINCT FROM (OLD.released_at, OLD.name, OLD.notes) THEN
        RAISE EXCEPTION 'a release never changes' USING ERRCODE = 'integrity_constraint_violation',
            CONSTRAINT = 'workflow_version_immutable';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER workflow_version_immutable BEFORE UPDATE ON workflows_workflowversion
    FOR EACH ROW EXECUTE FUNCTION workflow_version_immutable();
"""
ALLOW = """
DROP TRIGGER workflow_version_immutable ON workflows_workflowversion;
DROP FUNCTION workflow_version_immutable();
"""


class Migration(migrations.Migration):
    dependencies = [("workflows", "0001_initial")]
    operations = [migrations.RunSQL(REFUSE, ALLOW)]
