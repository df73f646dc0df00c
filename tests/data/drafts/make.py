#!/usr/bin/env python3
"""Makes the drafted answers of this folder from police.tsv: text, Markdown, CSV, web page, and the rest by LibreOffice.

Needs Python 3 and LibreOffice (Calc and Writer). Run it in this folder; what it makes is committed, since a build needs neither.
"""

import csv
import html
import pathlib
import shutil
import subprocess
import tempfile
import zipfile
from xml.etree import ElementTree

HERE = pathlib.Path(__file__).parent
TITLE = "Internet grooming of children and young persons: figures"
INTRO = "Offences recorded under Home Office codes 88/1 and 88/2 whose notes suggest that the internet was used."
NOTES = {
    1: "* to 16 July 2015",
    2: "^ One case of 2013 stands in this band as it was recorded, although the victim was not of that age.",
    5: "Offences of table 1 whose outcome is a charge.",
}
END = "A dash means that there were none."


def tables():
    """The tables of police.tsv: name and rows of cells."""
    for block in (HERE / "police.tsv").read_text().split("\n\n"):
        name, *lines = block.rstrip("\n").split("\n")
        rows = [line.split("\t") for line in lines]
        width = max(map(len, rows))
        yield name, [row + [""] * (width - len(row)) for row in rows]


TABLES = list(tables())


def prose(table, mark=lambda name: name):
    """A text around tables that `table` draws."""
    out = [mark(TITLE), "", INTRO, ""]
    for number, (name, rows) in enumerate(TABLES, 1):
        out += [mark(name), "", *table(rows), ""]
        if number in NOTES:
            out += [NOTES[number], ""]
    return "\n".join(out + [END, ""])


def aligned(rows):
    widths = [max(len(r[c]) for r in rows) for c in range(len(rows[0]))]
    for row in rows:
        yield "  ".join(t.ljust(w) if c == 0 else t.rjust(w) for c, (t, w) in enumerate(zip(row, widths))).rstrip()


def boxed(rows):
    widths = [max(len(r[c]) for r in rows) for c in range(len(rows[0]))]
    rule = "+" + "+".join("-" * (w + 2) for w in widths) + "+"
    yield rule
    for i, row in enumerate(rows):
        yield "|" + "|".join(f" {t.ljust(w)} " for t, w in zip(row, widths)) + "|"
        if i == 0 or i == len(rows) - 1:
            yield rule


def bars(rows):
    for row in rows:
        yield " | ".join(row).rstrip()


def markdown(rows):
    escaped = [[t.replace("*", r"\*").replace("|", r"\|") for t in row] for row in rows]
    yield "| " + " | ".join(escaped[0]) + " |"
    yield "|" + "---|" * len(rows[0])
    for row in escaped[1:]:
        yield "| " + " | ".join(row) + " |"


def page():
    """A web page as Word or a person might save it: merged headers, two header rows."""
    out = ["<!DOCTYPE html>", '<html lang="en"><head><meta charset="utf-8">', f"<title>{TITLE}</title>",
           "<style>td { text-align: right }</style></head><body>", f"<h1>{TITLE}</h1>", f"<p>{INTRO}</p>"]
    for number, (name, rows) in enumerate(TABLES, 1):
        out += [f"<h2>{name}</h2>", '<table border="1">']
        two = rows[1][0] == ""
        for i, row in enumerate(rows):
            cells = []
            for c, text in enumerate(row):
                if two and i == 0 and c in (2, 3) or two and i == 1 and c in (0, len(row) - 1):
                    continue  # covered by a merged cell
                span = ' colspan="3"' if two and i == 0 and c == 1 else ' rowspan="2"' if two and i == 0 else ""
                tag = "th" if i == 0 or two and i == 1 else "td"
                inner = f"<b>{html.escape(text)}</b>" if text == "Grand Total" else html.escape(text)
                cells.append(f"<{tag}{span}>{inner}</{tag}>")
            out.append("<tr>" + "".join(cells) + "</tr>")
        out.append("</table>")
        if number in NOTES:
            out.append(f"<p>{html.escape(NOTES[number])}</p>")
    return "\n".join(out + [f"<p>{END}</p>", "</body></html>", ""])


SPREADSHEET = """<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0"
 office:version="1.2" office:mimetype="application/vnd.oasis.opendocument.spreadsheet">
<office:styles><style:default-style style:family="table-cell"><style:text-properties fo:font-size="8pt"/></style:default-style></office:styles>
<office:automatic-styles>
<number:percentage-style style:name="Npc"><number:number number:decimal-places="1" number:min-integer-digits="1"/><number:text>%%</number:text></number:percentage-style>
<number:number-style style:name="Nth"><number:number number:decimal-places="0" number:min-integer-digits="1" number:grouping="true"/></number:number-style>
<style:style style:name="bold" style:family="table-cell"><style:text-properties fo:font-weight="bold"/></style:style>
<style:style style:name="in1" style:family="table-cell"><style:table-cell-properties style:text-align-source="fix"/><style:paragraph-properties fo:text-align="start" fo:margin-left="0.353cm"/></style:style>
<style:style style:name="pc" style:family="table-cell" style:data-style-name="Npc"/>
<style:style style:name="th" style:family="table-cell" style:data-style-name="Nth"/>
<style:style style:name="wide" style:family="table-column"><style:table-column-properties style:column-width="11.5cm"/></style:style>
<style:style style:name="narrow" style:family="table-column"><style:table-column-properties style:column-width="1.2cm"/></style:style>
<style:style style:name="shown" style:family="table"><style:table-properties table:display="true"/></style:style>
<style:style style:name="gone" style:family="table"><style:table-properties table:display="false"/></style:style>
</office:automatic-styles>
<office:body><office:spreadsheet>%s</office:spreadsheet></office:body></office:document>
"""


def cell(text, style="", more="", note=""):
    """A cell of a flat ODS: whole numbers are numbers."""
    style = f' table:style-name="{style}"' if style else ""
    note = f"<office:annotation><dc:creator>R</dc:creator><text:p>{html.escape(note)}</text:p></office:annotation>" if note else ""
    if text == "":
        return f"<table:table-cell{style}{more}>{note}</table:table-cell>"
    if text.isdecimal() and not (1990 < int(text) < 2100):
        return f'<table:table-cell office:value-type="float" office:value="{text}"{style}{more}>{note}<text:p>{text}</text:p></table:table-cell>'
    return f'<table:table-cell office:value-type="string"{style}{more}>{note}<text:p>{html.escape(text)}</text:p></table:table-cell>'


def row_of(cells, more=""):
    return f"<table:table-row{more}>{''.join(cells)}</table:table-row>"


def sheet_rows(rows, merged):
    """Rows of a table; where `merged`, "Year" spans its three columns as a person would merge them."""
    two = rows[1][0] == ""
    for i, row in enumerate(rows):
        style = "bold" if i == 0 or two and i == 1 or row[0] == "Grand Total" else ""
        cells = []
        for c, text in enumerate(row):
            if merged and two and i == 0 and c == 1:
                cells.append(cell(text, style, ' table:number-columns-spanned="3" table:number-rows-spanned="1"'))
            elif merged and two and i == 0 and c in (2, 3):
                cells.append("<table:covered-table-cell/>")
            else:
                cells.append(cell(text, style))
        yield row_of(cells)


def sheet(name, rows, style="shown", columns=""):
    return f'<table:table table:name="{name}" table:style-name="{style}">{columns}{"".join(rows)}</table:table>'


def one_sheet():
    """All tables below each other, the last two side by side."""
    rows = [row_of([cell(TITLE, "bold")]), row_of([cell("")])]
    for number, (name, table) in enumerate(TABLES[:4], 1):
        rows += [row_of([cell(name, "bold")]), *sheet_rows(table, False)]
        if number in NOTES:
            rows.append(row_of([cell(NOTES[number])]))
        rows.append(row_of([cell("")]))
    left, right = TABLES[4], TABLES[5]
    for i in range(len(right[1]) + 1):
        a = [left[0], ""] if i == 0 else left[1][i - 1] if i <= len(left[1]) else ["", ""]
        b = [right[0]] if i == 0 else right[1][i - 1]
        rows.append(row_of([cell(t) for t in [*a, "", *b]]))
    rows += [row_of([cell("")]), row_of([cell(END)])]
    return SPREADSHEET % sheet("Answer", rows)


def six_sheets():
    """One table a sheet, "Year" merged over its columns, a note below."""
    sheets = []
    for number, (name, table) in enumerate(TABLES, 1):
        rows = [row_of([cell(name, "bold")]), row_of([cell("")]), *sheet_rows(table, True)]
        if number in NOTES:
            rows += [row_of([cell("")]), row_of([cell(NOTES[number])])]
        columns = '<table:table-column table:style-name="wide"/><table:table-column table:style-name="narrow" table:number-columns-repeated="4"/>'
        sheets.append(sheet(name.title(), rows, columns=columns))
    return SPREADSHEET % "".join(sheets)


def hidden():
    """What a sheet can hold beside what it shows."""
    percent = '<table:table-cell table:style-name="pc" office:value-type="percentage" office:value="0.12345"><text:p>12.3%</text:p></table:table-cell>'
    thousand = '<table:table-cell table:style-name="th" office:value-type="float" office:value="12345.4"><text:p>12,345</text:p></table:table-cell>'
    formula = '<table:table-cell table:formula="of:=[.B2]+3" office:value-type="float" office:value="15"><text:p>15</text:p></table:table-cell>'
    columns = '<table:table-column/><table:table-column/><table:table-column table:visibility="collapse"/><table:table-column/>'
    shown = [
        row_of([cell("Group", "bold"), cell("Cases", "bold"), cell("Names", "bold"), cell("Share", "bold")]),
        row_of([cell("North"), cell("12"), cell("A B"), percent]),
        row_of([cell("of these young", "in1"), cell("2", note="both were brothers"), cell("C D"), cell("x")], ' table:visibility="collapse"'),
        row_of([cell("South"), thousand, cell("E F"), cell("*")]),
        row_of([cell("Sum"), formula, cell(""), cell("")]),
    ]
    secret = [row_of([cell("Person"), cell("Age")]), row_of([cell("A B"), cell("11")])]
    return SPREADSHEET % (sheet("Shown", shown, columns=columns) + sheet("Records", secret, "gone"))


TEXT = """<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" office:version="1.2" office:mimetype="application/vnd.oasis.opendocument.text">
<office:automatic-styles>
<style:style style:name="b" style:family="text"><style:text-properties fo:font-weight="bold"/></style:style>
<style:style style:name="right" style:family="paragraph"><style:paragraph-properties fo:text-align="end"/></style:style>
<style:style style:name="middle" style:family="paragraph"><style:paragraph-properties fo:text-align="center"/></style:style>
<style:style style:name="first" style:family="table-column"><style:table-column-properties style:column-width="8cm"/></style:style>
<style:style style:name="other" style:family="table-column"><style:table-column-properties style:column-width="2.2cm"/></style:style>
<style:style style:name="box" style:family="table-cell"><style:table-cell-properties fo:border="0.5pt solid #000000" fo:padding="0.1cm"/></style:style>
</office:automatic-styles>
<office:body><office:text>%s</office:text></office:body></office:document>
"""


def word_text():
    """A text with headings and tables, "Year" merged over its columns, "Victim Age" and "Total" over both header rows."""
    heading = '<text:h text:outline-level="%d">%s</text:h>'
    out = [heading % (1, TITLE), f"<text:p>{INTRO}</text:p>"]
    for number, (name, rows) in enumerate(TABLES, 1):
        columns = '<table:table-column table:style-name="first"/>' + '<table:table-column table:style-name="other"/>' * (len(rows[0]) - 1)
        out.append(heading % (2, name) + f'<table:table table:name="T{number}">{columns}')
        two = rows[1][0] == ""
        for i, row in enumerate(rows):
            cells = []
            for c, text in enumerate(row):
                text = f'<text:span text:style-name="b">{text}</text:span>' if text == "Grand Total" else html.escape(text)
                covered = two and (i == 0 and c in (2, 3) or i == 1 and c in (0, len(row) - 1))
                span = ""
                if two and i == 0:
                    span = ' table:number-columns-spanned="3"' if c == 1 else ' table:number-rows-spanned="2"'
                style = f' text:style-name="{"middle" if two and i == 0 else "right"}"' if c else ""
                cells.append("<table:covered-table-cell/>" if covered else
                             f'<table:table-cell table:style-name="box"{span}><text:p{style}>{text}</text:p></table:table-cell>')
            out.append(row_of(cells))
        out.append("</table:table>")
        if number in NOTES:
            out.append(f"<text:p>{html.escape(NOTES[number])}</text:p>")
    return TEXT % "".join(out + [f"<text:p>{END}</text:p>"])


# Values and number formats of formats.xlsx: every value in every format.
VALUES = [0, 0.004, 0.5, 1, 2.5, 3, 4.49, 7, 12.345, 99.5, 0.12345, 1234.5, 1234567.891, 123456789, -0.4, -3, -1234.5, 42201, 42201.75]
CODES = ["General", "0", "0.0", "0.00", "#", "#,##0", "#,##0.00", "0%", "0.0%", "000", "0,", "0.0,,", "0;(0)", "#,##0;-#,##0;\"-\"",
         "0;-0;;@", ";;;", "[<5]\"<5\";0", "[=0]\"-\";[<5]\"*\";0", "[Red]0.0;[Blue]-0.0", "[>=1000]#,##0;0.0", "\"n=\"0", "0\"  x\"", "0.00E+00",
         "[$£-809]#,##0.00", "yyyy-mm-dd", "dd/mm/yyyy", "mmm yy", "d mmmm yyyy", "hh:mm", "hh:mm:ss", "yyyy-mm-dd hh:mm", "[h]:mm"]


def formats(folder):
    """A workbook of numbers in many formats, and what LibreOffice shows of it."""
    quoted = lambda code: html.escape(code)
    styles = "".join(f'<numFmt numFmtId="{200 + i}" formatCode="{quoted(code)}"/>' for i, code in enumerate(CODES))
    xfs = "".join(f'<xf numFmtId="{200 + i if code != "General" else 0}" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
                  for i, code in enumerate(CODES))
    rows = "".join(f'<row r="{r + 1}">' + "".join(f'<c s="{c}"><v>{v!r}</v></c>' for c in range(len(CODES))) + "</row>" for r, v in enumerate(VALUES))
    main, office = "http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    with zipfile.ZipFile(HERE / "formats.xlsx", "w", zipfile.ZIP_DEFLATED) as file:
        put = lambda name, text: file.writestr(zipfile.ZipInfo(name), text, zipfile.ZIP_DEFLATED)
        put("[Content_Types].xml", f'<Types xmlns="{package}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="{kind}.styles+xml"/>'
            f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kind}.worksheet+xml"/></Types>')
        put("_rels/.rels", f'<Relationships xmlns="{package}/relationships"><Relationship Id="a" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>')
        put("xl/workbook.xml", f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet name="Formats" sheetId="1" r:id="a"/></sheets></workbook>')
        put("xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{package}/relationships"><Relationship Id="a" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/>'
            f'<Relationship Id="b" Type="{office}/styles" Target="styles.xml"/></Relationships>')
        put("xl/styles.xml", f'<styleSheet xmlns="{main}"><numFmts count="{len(CODES)}">{styles}</numFmts><fonts count="1"><font/></fonts><fills count="1"><fill/></fills>'
            f'<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="{len(CODES)}">{xfs}</cellXfs></styleSheet>')
        put("xl/worksheets/sheet1.xml", f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>')
    convert(HERE / "formats.xlsx", "fods", folder)
    names = {"t": "urn:oasis:names:tc:opendocument:xmlns:table:1.0", "p": "urn:oasis:names:tc:opendocument:xmlns:text:1.0"}
    rows = ElementTree.parse(folder / "formats.fods").iterfind(".//t:table-row", names)
    shown = [["".join(cell.find("p:p", names).itertext()) if cell.find("p:p", names) is not None else ""
              for cell in row.iterfind("t:table-cell", names)] for row in rows]
    (HERE / "formats.txt").write_text("\n".join(["\t".join(row) for row in [CODES, *shown]] + [""]))


def convert(source, target, folder):
    """One conversion by LibreOffice with a profile of its own."""
    profile = f"-env:UserInstallation=file://{folder}/profile"
    subprocess.run(["soffice", profile, "--headless", "--convert-to", target, "--outdir", str(folder), str(source)],
                   check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def corpus():
    """Small files that are no sound drafts, each for something that has made readers of such formats fail."""
    folder = HERE / "corpus"
    folder.mkdir(exist_ok=True)

    def put(name, data):
        (folder / name).write_bytes(data if isinstance(data, bytes) else data.encode())

    def packed(name, parts):
        with zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED) as file:
            for part, data in parts.items():
                file.writestr(zipfile.ZipInfo(part), data)

    put("empty", "")
    put("mark-only.txt", b"\xef\xbb\xbf")
    put("half-utf16.txt", b"\xff\xfeA")
    put("windows.txt", "Größe\t–\n".encode("cp1252"))
    put("bars-only.txt", "|\n||\n|||\n+--+\n| |\n|\\|\n")
    put("rules-only.txt", "----\n====\n+--+--+\n| |\n")
    put("wide-gaps.txt", "a" + " " * 5000 + "1\nb  2\n  3\n      4  5\n")
    put("open-quote.csv", 'a,b\n"c,d\ne,f\n')
    put("quotes.csv", 'a""b,"c""d"e,"\r\n"\r"x",,,\r\n')
    put("nested.md", "> " * 300 + "a\n\n" + "* " * 300 + "b\n\n" + "[" * 300 + "^" * 300 + "`" * 299)
    put("ragged.md", "| a |\n|---|\n| b | c | d |\n\n<table><tr><td>\n\n<!-- \n\n```\n")
    put("nested.html", "<table><tr><td rowspan=99999 colspan=99999>" * 20 + "<sup><b><i>" * 30 + "</table>")
    put("unclosed.html", "<!--<script><style>p{display:none<title></textarea><table><td><caption><select><svg><math>")
    put("stream.pdf", b"%PDF-1.7\n1 0 obj<</Length 99>>stream\nx\x9c\xff\xff")
    put("circle.pdf", b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 1 0 R/Kids[1 0 R]/Parent 1 0 R>>endobj\nxref\n0 1\n"
                      b"0000000000 65535 f \ntrailer<</Root 1 0 R/Prev 9/Size 9>>\nstartxref\n86\n%%EOF")
    put("header.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 504 + "Workbook".encode("utf-16-le"))
    put("zeros.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(22) + b"\x09\x00\x06\x00" + bytes(2048) + "Workbook".encode("utf-16-le"))
    put("end-only.zip", b"PK\x03\x04PK\x05\x06" + bytes(18))
    packed("deep.docx", {"word/document.xml": "<a>" * 3000})
    packed("entities.docx", {"word/document.xml": '<!DOCTYPE a [<!ENTITY b "&b;&b;">]><a>&b;</a>'})
    packed("spans.docx", {"word/document.xml": "<w:document><w:body><w:tbl>" + "<w:tr><w:tc><w:tcPr><w:gridSpan w:val='999999999'/>"
                          "<w:vMerge/></w:tcPr></w:tc></w:tr>" * 2000 + "</w:tbl></w:body></w:document>"})
    packed("far.ods", {"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml":
                       "<a><table><table-row number-rows-repeated='18446744073709551615'><table-cell number-columns-repeated="
                       "'18446744073709551615' number-columns-spanned='18446744073709551615'><p>1</p></table-cell></table-row></table></a>"})
    packed("names.xlsx", {"xl/workbook.xml": "<workbook><sheets><sheet name='a' id='r'/></sheets></workbook>", "xl/_rels/workbook.xml.rels":
                          "<a><Relationship Id='r' Type='worksheet' Target='../../../../etc/passwd'/></a>"})
    packed("cells.xlsx", {"xl/workbook.xml": "<workbook><sheets><sheet name='a' id='r'/></sheets></workbook>", "xl/_rels/workbook.xml.rels":
                          "<a><Relationship Id='r' Type='worksheet' Target='s'/></a>", "xl/s":
                          "<a><cols><col min='0' max='4294967295' hidden='1'/></cols><row r='1048576'><c r='$XFD$1048576'><v>-1e308</v></c>"
                          "<c/><c r='A1' s='-1' t='n'><v>NaN</v></c></row><mergeCell ref='A1:XFD1048576'/><mergeCell ref='B2'/></a>"})


def main():
    corpus()
    (HERE / "police.txt").write_text(prose(aligned))
    (HERE / "police-boxes.txt").write_text(prose(boxed))
    (HERE / "police-bars.txt").write_text(prose(bars))
    level = lambda name: f"# {name}" if name == TITLE else f"## {name}"
    (HERE / "police.md").write_text(prose(markdown, level).replace("* to", r"\* to"))
    (HERE / "police.html").write_text(page())
    with (HERE / "police.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        for name, rows in TABLES:
            writer.writerows([[name], *rows, []])
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        formats(folder)
        for name, text in [("police-one", one_sheet()), ("police-six", six_sheets()), ("hidden", hidden())]:
            source = folder / f"{name}.fods"
            source.write_text(text)
            for target in ["ods", "xlsx:Calc MS Excel 2007 XML", "xls:MS Excel 97"]:
                convert(source, target, folder)
                extension = target.split(":")[0]
                shutil.copy(folder / f"{name}.{extension}", HERE / f"{name}.{extension}")
        convert(folder / "police-six.ods", "pdf:calc_pdf_Export", folder)
        shutil.copy(folder / "police-six.pdf", HERE / "police-six.pdf")
        (folder / "police.fodt").write_text(word_text())
        for target in ["docx:MS Word 2007 XML", "pdf:writer_pdf_Export"]:
            convert(folder / "police.fodt", target, folder)
            extension = target.split(":")[0]
            shutil.copy(folder / f"police.{extension}", HERE / f"police.{extension}")


if __name__ == "__main__":
    main()
