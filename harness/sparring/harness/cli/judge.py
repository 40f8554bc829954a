"""``sparring judge``: verdicts on what was recorded elsewhere."""

import sys
from pathlib import Path

import click

from sparring.harness.cli.check import listeners
from sparring.harness.cli.problems import UsageProblem

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.option("--recording", type=_FILE, help="The control port's JSON (GET recording), raw or redacted.")
@click.option("--har", "har_file", type=_FILE, help="An HTTP archive, ours or any other tool's.")
@click.option("--provider", metavar="NAME", help="Only that one; it is also found where its hosts are others.")
@click.option("--grant", type=click.Choice(["client_credentials", "authorization_code"]))
@click.option("--client-id", metavar="ID", help="Only that client.")
@click.option("--quiet", is_flag=True, help="Only the summary.")
@click.option("--json", "json_file", type=_FILE, help="Write the JSON report.")
@click.option("--html", "html_file", type=_FILE, help="Write one HTML page that shows it all.")
@click.option("--markdown", "markdown_file", type=_FILE, help="Write Markdown.")
def judge(
    recording: Path | None,
    har_file: Path | None,
    provider: str | None,
    grant: str | None,
    client_id: str | None,
    quiet: bool,
    json_file: Path | None,
    html_file: Path | None,
    markdown_file: Path | None,
) -> None:
    """Judge clients by traffic alone, wherever it was recorded.

    What traffic does not show is skipped, with the reason; a run with `sparring check` shows more.

    Exit code 0: nothing worse than WARN; 1: FAIL; 2: usage; 3: the harness itself failed.
    """
    from sparring.harness.traffic import UnreadableTrafficError  # noqa: PLC0415
    from sparring.harness.traffic.archive import read_archive  # noqa: PLC0415
    from sparring.harness.traffic.recording import read_recording  # noqa: PLC0415
    from sparring.harness.traffic.verdicts import report_on  # noqa: PLC0415
    from sparring.harness.worlds.local import wrong_provider  # noqa: PLC0415

    if provider is not None and (wrong := wrong_provider(provider)):
        raise UsageProblem(wrong)
    told = listeners({"json": json_file, "html": html_file, "markdown": markdown_file}, quiet=quiet)
    try:
        if recording is not None and har_file is None:
            traffic = read_recording(recording)
        elif har_file is not None and recording is None:
            traffic = read_archive(har_file, provider)
        else:
            raise UsageProblem("name one file: --recording FILE or --har FILE")
        report = report_on(traffic, provider=provider, client=client_id, grant=grant)
    except UnreadableTrafficError as error:
        raise UsageProblem(str(error)) from error
    try:
        for listener in told:
            listener.finished(report)
    except OSError as error:
        raise UsageProblem(f"{error.filename or ''}: {error.strerror}".removeprefix(": ")) from error
    sys.exit(report.exit_code())
