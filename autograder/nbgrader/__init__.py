"""What stock nbgrader needs to grade this course: a course folder, preprocessors, plugins.

`course` and `source` lay the folder out. Its `nbgrader_config.py` names the rest by dotted names:

- `clear.ClearToStub`: source notebook -> released notebook.
- `collect.SafeExtractor`, `collect.LmsCollector`: a download of an LMS -> submitted/.
- `hook.tidy`, `exporter.SubmissionExporter`: what a student handed in -> a clean notebook.
- `preprocessors.GradeInSandbox`, `preprocessors.SaveDiagnosis`: the grades, without a kernel.
- `export.SafeCsvExporter`: the gradebook -> a table with a status for every student.
"""
