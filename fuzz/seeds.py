"""Writes the first inputs of each fuzz target to fuzz/corpus/, from the drafts of the tests."""

import pathlib
import zipfile

HERE = pathlib.Path(__file__).parent
DRAFTS = HERE.parent / "tests/data/drafts"
# what the targets of office files choose by their first byte: the same order as there
PARTS = {
    "docx": ["word/document.xml", "word/styles.xml", "word/footnotes.xml", "word/comments.xml"],
    "ods": ["content.xml", "styles.xml", "mimetype"],
    "xlsx": [
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "xl/worksheets/sheet1.xml",
        "xl/sharedStrings.xml",
        "xl/styles.xml",
    ],
}
PLAIN = {
    "csv": [".csv", ".tsv"],
    "html": [".html", ".htm"],
    "markdown": [".md"],
    "pdf": [".pdf"],
    "text": [".txt", ".tsv"],
    "xls": [".xls"],
    "sniff": None,
}


def files(folder):
    return sorted(p for p in folder.iterdir() if p.is_file() and p.suffix != ".py")


def main():
    drafts = files(DRAFTS) + files(DRAFTS / "corpus")
    for target, endings in PLAIN.items():
        folder = HERE / "corpus" / target
        folder.mkdir(parents=True, exist_ok=True)
        for path in drafts:
            if endings is None or path.suffix in endings or target in path.name:
                (folder / path.name).write_bytes(path.read_bytes())
    for target, parts in PARTS.items():
        folder = HERE / "corpus" / target
        folder.mkdir(parents=True, exist_ok=True)
        for path in drafts:
            try:
                archive = zipfile.ZipFile(path)
            except zipfile.BadZipFile:
                continue
            for number, part in enumerate(parts):
                if part in archive.namelist():
                    seed = bytes([number]) + archive.read(part)
                    (folder / f"{path.name}-{number}").write_bytes(seed)


main()
