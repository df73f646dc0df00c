#!/usr/bin/env python3
"""Office files of ten writers, through `tabsafe check` and back into an office program.

Each writer makes the same drafted answer as its users would: a merged header, bold totals (formulas where the format has
them), a share, a note. South in 2021/22 is withheld and follows from the totals. The script checks each file, has remedy 1
written into it, checks that again, has LibreOffice (Chromium for pages) draw both, and prints what it found.

    pip install openpyxl pandas gptables xlsxwriter odfpy python-docx; npm install docx (in --node); apt: libreoffice,
    pandoc, chromium, poppler-utils. What is missing is skipped, and named.
    python3 benches/office_round.py --tabsafe target/release/tabsafe --out target/office [--only NAME]... [--fix 1]
"""

import argparse
import csv
import json
import os
import pathlib
import shutil
import subprocess
import sys

YEARS = ["2021/22", "2022/23", "2023/24"]
AREAS = {"North": [12, 8, 15], "South": [4, 21, 33], "East": [40, 17, 9], "West": [11, 26, 30]}
TITLE = "Table 1: Complaints by area and financial year"
SECOND = "Table 2: Complaints by outcome, 2023/24"
OUTCOMES = {"Upheld": 31, "Partly upheld": 18, "Not upheld": 38}
NOTE = "[c] = withheld to protect individuals"
SIGN = "[c]"


def rows(total=True):
    """Label and figures of the rows of table 1, totals too."""
    body = [[a] + v + [sum(v)] for a, v in AREAS.items()]
    sums = [sum(v[i] for v in AREAS.values()) for i in range(3)]
    body[1][1] = SIGN
    return body + ([["Total"] + sums + [sum(sums)]] if total else [])


def outcomes():
    whole = sum(OUTCOMES.values())
    return [[k, n, n / whole] for k, n in OUTCOMES.items()] + [["Total", whole, 1.0]]


def openpyxl_file(path, chart=True):
    from openpyxl import Workbook
    from openpyxl.chart import BarChart, Reference
    from openpyxl.formatting.rule import ColorScaleRule
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

    book = Workbook()
    sheet = book.active
    sheet.title = "Complaints"
    sheet["A1"] = TITLE
    sheet["A1"].font = Font(bold=True, size=14, color="1F3864")
    sheet.append([])
    sheet.append(["Area", "Financial year", None, None, "Total"])
    sheet.append([None] + YEARS)
    for area in ("B3:D3", "A3:A4", "E3:E4"):
        sheet.merge_cells(area)
    for a, v in AREAS.items():
        sheet.append([a] + v)
    sheet["B6"] = SIGN
    for r in range(5, 9):
        sheet[f"E{r}"] = f"=SUM(B{r}:D{r})" if r != 6 else 58
    sheet.append(["Total", 67, "=SUM(C5:C8)", "=SUM(D5:D8)", "=B9+C9+D9"])
    fill = PatternFill("solid", fgColor="D9E2F3")
    line = Border(bottom=Side(style="thin"))
    for r in (3, 4):
        for cell in sheet[r]:
            cell.font, cell.fill, cell.border = Font(bold=True), fill, line
            cell.alignment = Alignment(horizontal="center", vertical="center")
    for cell in sheet[9]:
        cell.font, cell.border = Font(bold=True), Border(top=Side(style="double"))
    for r in range(5, 10):
        for cell in sheet[r][1:]:
            cell.number_format, cell.alignment = "#,##0", Alignment(horizontal="right")
    sheet.conditional_formatting.add("C5:D8", ColorScaleRule("min", None, "FFFFFF", "max", None, "F8CBAD"))
    sheet["A11"] = NOTE
    sheet["A11"].font = Font(italic=True, size=9)
    sheet.column_dimensions["A"].width = 18
    for column in "BCDE":
        sheet.column_dimensions[column].width = 13
    sheet.row_dimensions[1].height = 26
    sheet.freeze_panes = "B5"
    sheet.print_title_rows = "3:4"
    other = book.create_sheet("Outcomes")
    other.append([SECOND])
    other["A1"].font = Font(bold=True)
    other.append(["Outcome", "Complaints", "Share"])
    for r, (k, n, share) in enumerate(outcomes(), 3):
        other.append([k, n if k != "Total" else "=SUM(B3:B5)", f"=B{r}/B$6"])
        other[f"C{r}"].number_format = "0.0%"
    other.column_dimensions["A"].width = 22
    if not chart:
        return book.save(path)
    chart = BarChart()
    chart.add_data(Reference(other, min_col=2, min_row=2, max_row=5), titles_from_data=True)
    chart.set_categories(Reference(other, min_col=1, min_row=3, max_row=5))
    other.add_chart(chart, "E2")
    book.save(path)


def pandas_file(path):
    import pandas as pd

    frame = pd.DataFrame([r[1:] for r in rows()], index=pd.Index([r[0] for r in rows()], name="Area"))
    frame.columns = pd.MultiIndex.from_tuples([("Financial year", y) for y in YEARS] + [("All years", "Total")])
    with pd.ExcelWriter(path, engine="openpyxl" if path.suffix == ".xlsx" else "odf") as writer:
        frame.to_excel(writer, sheet_name="Complaints") if path.suffix == ".xlsx" else \
            frame.droplevel(0, axis=1).reset_index().to_excel(writer, sheet_name="Complaints", index=False)
        pd.DataFrame(outcomes(), columns=["Outcome", "Complaints", "Share"]).round(3).to_excel(
            writer, sheet_name="Outcomes", index=False)
        pd.DataFrame({"Notes": [NOTE]}).to_excel(writer, sheet_name="Notes", index=False)


def gptables_file(path):
    import gptables as gpt
    import pandas as pd

    frame = pd.DataFrame(rows(), columns=["Area"] + YEARS + ["Total"])
    second = pd.DataFrame([r[:2] for r in outcomes()], columns=["Outcome", "Complaints"])
    common = {"scope": "All complaints", "source": "Complaints register", "index_columns": {1: 0}}
    sheets = {
        "Table_1": gpt.GPTable(table=frame, table_name="complaints", title=TITLE, subtitles=["England"],
                               legend=[NOTE], **common),
        "Table_2": gpt.GPTable(table=second, table_name="outcomes", title=SECOND, subtitles=["England"], **common),
    }
    cover = gpt.Cover(cover_label="Cover", title="Complaints", intro=["Answer to a request"], about=["See tables"],
                      contact=["Complaints team"])
    gpt.write_workbook(filename=str(path), sheets=sheets, cover=cover, auto_width=True)


def xlsxwriter_file(path):
    import xlsxwriter

    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Complaints")
        bold, head = book.add_format({"bold": True}), book.add_format({"bold": True, "align": "center", "border": 1,
                                                                      "bg_color": "#E2EFDA", "text_wrap": True})
        figure, total = book.add_format({"num_format": "#,##0"}), book.add_format({"bold": True, "top": 1})
        sheet.set_column("A:A", 20)
        sheet.set_column("B:E", 11, figure)
        sheet.write("A1", TITLE, bold)
        sheet.merge_range("B3:D3", "Financial year", head)
        sheet.merge_range("A3:A4", "Area", head)
        sheet.merge_range("E3:E4", "Total", head)
        sheet.write_row("B4", YEARS, head)
        for r, (area, figures) in enumerate(AREAS.items(), 5):
            sheet.write(f"A{r}", area)
            sheet.write_row(f"B{r}", figures)
            sheet.write_formula(f"E{r}", f"=SUM(B{r}:D{r})", None, sum(figures)) if r != 6 else sheet.write("E6", 58)
        sheet.write("B6", SIGN)
        sheet.write("A9", "Total", total)
        sheet.write("B9", 67, total)
        for c, column in enumerate("CDE", 1):
            values = [v + [sum(v)] for v in AREAS.values()]
            sheet.write_formula(f"{column}9", f"=SUM({column}5:{column}8)", total, sum(v[c] for v in values))
        sheet.write_rich_string("A11", bold, "[c]", " = withheld to protect individuals")
        chart = book.add_chart({"type": "column"})
        for r in (4, 6, 7):
            chart.add_series({"name": ["Complaints", r, 0], "categories": ["Complaints", 3, 1, 3, 3],
                              "values": ["Complaints", r, 1, r, 3],
                              "values_data": None or list(AREAS.values())[r - 4]})
        sheet.insert_chart("G3", chart)
        sheet.autofilter("A4:E8")
        sheet.data_validation("H1", {"validate": "list", "source": ["Upheld", "Not upheld"]})


def office(source, folder, suffix, how=None):
    """Converts a file with LibreOffice; the new path."""
    profile = pathlib.Path(folder).resolve() / "profile"
    ran = subprocess.run(["soffice", f"-env:UserInstallation=file://{profile}", "--headless", "--convert-to",
                          how or suffix, "--outdir", str(folder), str(source)], capture_output=True, timeout=120)
    made = pathlib.Path(folder) / (pathlib.Path(source).stem + "." + suffix)
    if ran.returncode or not made.exists():
        raise RuntimeError(ran.stderr.decode()[-300:])
    return made


def through_office(suffix, first, how=None):
    def make(path):
        folder = path.parent / "made"
        folder.mkdir(exist_ok=True)
        source = folder / (path.stem + first[0])
        first[1](source)
        shutil.move(office(source, folder, suffix, how), path)

    return make


def docx_file(path):
    from docx import Document
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Cm, Pt, RGBColor

    document = Document()
    document.add_heading("Request 23-114", 1)
    document.add_paragraph("You asked for complaints by area. The figures are below.")
    document.add_paragraph(TITLE, style="Caption")
    table = document.add_table(rows=2, cols=5, style="Light Grid Accent 1")
    table.cell(0, 1).merge(table.cell(0, 3)).text = "Financial year"
    table.cell(0, 0).merge(table.cell(1, 0)).text = "Area"
    table.cell(0, 4).merge(table.cell(1, 4)).text = "Total"
    for i, year in enumerate(YEARS, 1):
        table.cell(1, i).text = year
    for row in rows():
        cells = table.add_row().cells
        for i, text in enumerate(row):
            cells[i].text = str(text)
            run = cells[i].paragraphs[0].runs[0]
            run.font.size = Pt(11)
            if i:
                cells[i].paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
            if row[0] == "Total":
                run.bold, run.font.color.rgb = True, RGBColor(0x1F, 0x38, 0x64)
    for row in table.rows:
        row.cells[0].width = Cm(4)
    document.add_paragraph(NOTE)
    document.add_paragraph(SECOND, style="Caption")
    second = document.add_table(rows=1, cols=3, style="Table Grid")
    for cell, text in zip(second.rows[0].cells, ["Outcome", "Complaints", "Share"]):
        cell.text = text
    for k, n, share in outcomes():
        for cell, text in zip(second.add_row().cells, [k, str(n), f"{share:.1%}"]):
            cell.text = text
    document.save(path)


def pandoc_file(path):
    line = lambda cells: "| " + " | ".join(str(c).replace("[c]", "\\[c\\]") for c in cells) + " |\n"
    text = f"# Answer\n\n: {TITLE}\n\n" + line(["Area"] + YEARS + ["Total"]) + "|:--|--:|--:|--:|--:|\n"
    for row in rows():
        text += line([f"**{c}**" for c in row] if row[0] == "Total" else row)
    text += f"\n{NOTE}\n".replace("[c]", "\\[c\\]")
    subprocess.run(["pandoc", "-f", "markdown", "-t", "docx", "-o", str(path)], input=text.encode(), check=True)


NODE = r"""
const { Document, Packer, Paragraph, Table, TableRow, TableCell, TextRun, WidthType, AlignmentType, HeadingLevel } = require("docx");
const fs = require("fs");
const [path, data] = [process.argv[2], JSON.parse(process.argv[3])];
const cell = (text, more = {}, bold = false) => new TableCell({ ...more, children: [new Paragraph({ alignment: typeof text === "number" ? AlignmentType.RIGHT : AlignmentType.LEFT, children: [new TextRun({ text: String(text), bold })] })] });
const shade = { shading: { fill: "DDEBF7" } };
const head = [
  new TableRow({ tableHeader: true, children: [cell("Area", { rowSpan: 2, ...shade }, true), cell("Financial year", { columnSpan: 3, ...shade }, true), cell("Total", { rowSpan: 2, ...shade }, true)] }),
  new TableRow({ tableHeader: true, children: data.years.map((y) => cell(y, shade, true)) }),
];
const body = data.rows.map((r) => new TableRow({ children: r.map((c) => cell(c, {}, r[0] === "Total")) }));
const table = new Table({ width: { size: 100, type: WidthType.PERCENTAGE }, rows: [...head, ...body] });
const document = new Document({ sections: [{ children: [new Paragraph({ text: "Answer", heading: HeadingLevel.HEADING_1 }), new Paragraph(data.title), table, new Paragraph(data.note)] }] });
Packer.toBuffer(document).then((b) => fs.writeFileSync(path, b));
"""


def docxjs_file(path):
    data = json.dumps({"years": YEARS, "rows": rows(), "title": TITLE, "note": NOTE})
    environment = dict(os.environ, NODE_PATH=str(pathlib.Path(ARGS.node).resolve() / "node_modules"))
    subprocess.run(["node", "-e", NODE.replace("process.argv[2]", "process.argv[1]").replace(
        "process.argv[3]", "process.argv[2]"), str(path), data], check=True, env=environment)


PAGE = """<!DOCTYPE html><html lang=en><head><meta charset=utf-8><title>Complaints</title>
<style>body{font-family:sans-serif;margin:2em} table{border-collapse:collapse} caption{font-weight:bold;padding:.4em}
td,th{border:1px solid #888;padding:.3em .8em} td{text-align:right} tr.total{font-weight:bold;background:#eef}</style></head>
<body><h1>Complaints</h1><div id=here></div><p>NOTE</p><script>
const rows = ROWS;
document.getElementById("here").innerHTML = "<table><caption>TITLE</caption><thead><tr><th rowspan=2>Area<th colspan=3>Financial year<th rowspan=2>Total</tr><tr>" +
  YEARS.map(y => "<th>" + y).join("") + "</tr></thead><tbody>" + rows.map(r => "<tr" + (r[0] == "Total" ? " class=total" : "") + "><th scope=row>" + r[0] +
  r.slice(1).map(c => "<td data-sort=" + c + ">" + c).join("")).join("") + "</tbody></table>";
</script></body></html>"""


def chromium_file(path):
    source = path.with_suffix(".source.html")
    page = PAGE.replace("ROWS", json.dumps(rows())).replace("YEARS", json.dumps(YEARS))
    source.write_text(page.replace("TITLE", TITLE).replace("NOTE", NOTE))
    ran = subprocess.run(["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom", source.resolve().as_uri()],
                         capture_output=True, timeout=90, check=True)
    path.write_bytes(ran.stdout)


MAKERS = {
    "openpyxl.xlsx": openpyxl_file,
    "pandas.xlsx": pandas_file,
    "gptables.xlsx": gptables_file,
    "xlsxwriter.xlsx": xlsxwriter_file,
    "office.xlsx": through_office("xlsx", (".source.xlsx", openpyxl_file)),
    "office.ods": through_office("ods", (".xlsx", openpyxl_file)),
    "pandas.ods": pandas_file,
    "office.odt": through_office("odt", (".docx", docx_file)),
    "python-docx.docx": docx_file,
    "docxjs.docx": docxjs_file,
    "pandoc.docx": pandoc_file,
    "office.docx": through_office("docx", (".odt", None)),
    "office-calc.html": through_office("html", (".xlsx", lambda p: openpyxl_file(p, chart=False))),
    "chromium.html": chromium_file,
    "office.xls": through_office("xls", (".xlsx", openpyxl_file)),
}


def picture(path, folder):
    """A PNG of the first page as the program shows it."""
    png = folder / (path.name + ".png")
    if path.suffix == ".html":
        subprocess.run(["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--window-size=900,900",
                        f"--screenshot={png}", path.resolve().as_uri()], capture_output=True, timeout=90)
        return png
    pdf = office(path, folder, "pdf")
    subprocess.run(["pdftoppm", "-r", "60", "-png", str(pdf), str(png.with_suffix(""))], check=True)
    return png


def tabsafe(*args):
    ran = subprocess.run([ARGS.tabsafe, "check", *map(str, args)], capture_output=True, text=True, timeout=120)
    return ran.returncode, ran.stdout + ran.stderr


def main():
    folder = pathlib.Path(ARGS.out)
    folder.mkdir(parents=True, exist_ok=True)
    bad = 0
    for name, make in MAKERS.items():
        if ARGS.only and name not in ARGS.only:
            continue
        path = folder / name
        try:
            make(path)
        except Exception as e:
            print(f"{name}: skipped: {type(e).__name__}: {str(e)[:200]}")
            continue
        before, said = tabsafe(path)
        (folder / (name + ".before.txt")).write_text(said)
        out = folder / ("mended-" + (name if path.suffix != ".xls" else name + "x"))
        out.unlink(missing_ok=True)
        fixed, wrote = tabsafe(path, "--fix", ARGS.fix, "--out", out)
        after, again = tabsafe(out) if out.exists() else (None, "")
        (folder / (name + ".after.txt")).write_text(wrote + "\n" + again)
        kept = "written anew" not in wrote
        good = before == 1 and (ARGS.small or "can be worked out" in said) and after == 0 and (kept or path.suffix == ".xls")
        bad += not good
        print(f"{name}: exit {before}, mended {fixed}, then {after}; layout {'kept' if kept else 'lost'}{'' if good else '  <-- WRONG'}", flush=True)
        if ARGS.pictures:
            for one in [path, out]:
                if one.exists():
                    picture(one, folder)
    return 1 if bad else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--tabsafe", default="target/release/tabsafe")
    parser.add_argument("--out", default="target/office")
    parser.add_argument("--node", default="target/office-node")
    parser.add_argument("--only", action="append")
    parser.add_argument("--fix", default="1")
    parser.add_argument("--pictures", action="store_true")
    parser.add_argument("--small", action="store_true", help="South is printed: merging and leaving out are remedies too")
    ARGS = parser.parse_args()
    if ARGS.small:
        SIGN = 4
    MAKERS["office.docx"] = through_office("docx:MS Word 2007 XML".split(":")[0], (".odt", through_office("odt", (".docx", docx_file))), "docx:MS Word 2007 XML")
    sys.exit(main())
