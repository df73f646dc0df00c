//! Tables of counts that can't be: fractions, negative numbers, sums that do not add up, signs that nobody declared.

use super::data::{COUNTS, FIRMS, LEAK, edited};
use super::{Case, case, check_all};

/// `protect` on the table of counts with one thing changed.
fn counts(name: &'static str, from: &str, to: &str) -> Case {
    case(name, 3, "tabsafe protect counts.csv --by area,sex --count count --threshold 5 --out table.csv")
        .file("counts.csv", edited(COUNTS, from, to))
}

/// `audit` on the published table with one thing changed.
fn audit(name: &'static str, from: &str, to: &str) -> Case {
    case(name, 3, "tabsafe audit leak.csv --by area,sex --count count --marker x=withheld")
        .file("leak.csv", edited(LEAK, from, to))
}

pub fn cases() -> Vec<Case> {
    vec![
        counts("count-negative", "N2,m,9", "N2,m,-9"),
        counts("count-fraction", "N2,m,9", "N2,m,9.5"),
        counts("count-nan", "N2,m,9", "N2,m,NaN"),
        counts("count-blank", "N2,m,9", "N2,m,"),
        counts("count-thousands", "N2,m,9", "N2,m,\"1,009\""),
        counts("count-too-large", "N2,m,9", "N2,m,9223372036854775807"),
        case(
            "value-negative",
            3,
            "tabsafe protect firms.csv --by industry --value turnover --contributor firm --rule 'p-percent(10)'",
        )
        .file("firms.csv", edited(FIRMS, "F8,steel,North,280", "F8,steel,North,-280")),
        case(
            "value-decimals",
            3,
            "tabsafe protect firms.csv --by industry --value turnover --contributor firm --rule 'p-percent(10)'",
        )
        .file("firms.csv", edited(FIRMS, "F8,steel,North,280", "F8,steel,North,280.123")),
        audit("audit-contradiction", "N,m,12", "N,m,16"),
        audit("audit-sum", "S,m,9", "S,m,8"),
        audit("audit-unknown-marker", "N,f,x", "N,f,*"),
        audit("audit-blank", "N,f,x", "N,f,"),
        audit("audit-negative", "S,m,9", "S,m,-9"),
        audit("audit-fraction", "S,m,9", "S,m,9.5"),
        audit("audit-nan", "S,m,9", "S,m,NaN"),
        audit("audit-ragged", "S,m,9", "S,m"),
        audit("audit-cell-twice", "S,m,9", "S,f,9"),
        audit("audit-duplicate-header", "area,sex,count", "area,sex,sex"),
        audit("audit-header-only", LEAK, "area,sex,count\n"),
        audit("audit-empty", LEAK, ""),
        case("audit-no-file", 3, "tabsafe audit nowhere.csv --by area,sex --count count"),
        case(
            "audit-hierarchy-lacks-codes",
            3,
            "tabsafe audit safe.csv --by area,sex --count count --hierarchy area=area.hrc",
        ),
        case("audit-wrong-total", 2, "tabsafe audit safe.csv --by area,sex --count count --total All"),
        case("audit-no-total", 2, "tabsafe audit leak.csv --by area,sex --count count --marker x=withheld")
            .file("leak.csv", LEAK.replace("Total", "England")),
        case("audit-nothing-withheld", 0, "tabsafe audit leak.csv --by area,sex --count count")
            .file("leak.csv", edited(LEAK, "N,f,x", "N,f,3")),
    ]
}

/// Each impossible figure is told with its line and column.
#[test]
fn every_impossible_figure_is_explained() {
    check_all(cases());
}
