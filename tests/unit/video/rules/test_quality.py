"""What was measured is said in one of six sentences."""

from __future__ import annotations

import pytest

from clinic.video.rules.quality import EchoReport, EchoState, Words

MEASURED = EchoState.MEASURED


@pytest.mark.parametrize(
    ("report", "words"),
    [
        (EchoReport(EchoState.CONNECTING), Words.MEASURING),
        (EchoReport(EchoState.OVER), Words.UNREACHED),
        (EchoReport(EchoState.MEASURING, 0.0, 20, 2, 40, heard=True), Words.MEASURING),
        (EchoReport(MEASURED, 0.0, 20, 2, 40, heard=False), Words.SILENT),
        (EchoReport(MEASURED, 0.0, 20, 2, 40, heard=True), Words.GOOD),
        (EchoReport(EchoState.OVER, 0.02, 300, 40, 12, heard=True), Words.GOOD),
        (EchoReport(MEASURED, 0.0, None, 2, 40, heard=True), Words.GOOD),
        (EchoReport(MEASURED, 0.03, 20, 2, 40, heard=True), Words.FAIR),
        (EchoReport(MEASURED, 0.0, 301, 2, 40, heard=True), Words.FAIR),
        (EchoReport(MEASURED, 0.0, 20, 41, 40, heard=True), Words.FAIR),
        (EchoReport(MEASURED, 0.09, 20, 2, 40, heard=True), Words.POOR),
        (EchoReport(MEASURED, 0.0, 801, 2, 40, heard=True), Words.POOR),
        (EchoReport(MEASURED, 0.0, 20, 101, 40, heard=True), Words.POOR),
        (EchoReport(MEASURED, 0.0, 20, 2, 11, heard=True), Words.POOR),
        (EchoReport(MEASURED, 0.0, 20, 2, None, heard=True), Words.POOR),
    ],
)
def test_the_sentence_for_a_report(report: EchoReport, words: Words) -> None:
    assert report.words is words
