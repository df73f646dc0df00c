//! Releases with noise, and what is told where there can be none.

use super::{Case, case};

/// A policy that adds noise.
fn policy(perturb: &str) -> String {
    format!(
        "id = \"own\"\ntitle = \"Ours\"\nversion = \"2\"\nevidence = \"generic\"\n[threshold]\nminimum = 8\n[perturb]\n{perturb}\n"
    )
}

/// A key of no use to anybody.
const KEY: &str = "0123456789abcdef0123456789abcdef\n";

/// With noise of at most 1 both parts are exactly 1.
const NOISY: &str = "area,count,status\nN,2,perturbed\nS,2,perturbed\nTotal,1,perturbed\n";

/// A total by three variables, each figure with noise.
const THREE: &str = "a,b,c,count\nx,Total,Total,2\ny,Total,Total,3\nTotal,x,Total,1\nTotal,y,Total,2\nTotal,Total,x,3\n\
                     Total,Total,y,2\nTotal,Total,Total,4\n";

pub fn cases() -> Vec<Case> {
    let released = |name, exit, perturb: &str| {
        let line = "tabsafe release release.toml --policy ./own.toml --out out --format text,csv";
        case(name, exit, line).file("own.toml", policy(perturb)).file("key", KEY)
    };
    let cell_key = "method = \"cell-key\"\nd = 4\nvariance = 3\nkey-file = \"key\"\n";
    let laplace = "method = \"discrete-laplace\"\nepsilon = 0.5\nledger = \"ledger.csv\"\nledger-limit = 2\n";
    let audit = |name, exit, line| case(name, exit, line).file("noisy.csv", NOISY);
    let spent = "release,unit,spent\nearlier,epsilon,1.750000\n";
    vec![
        released("noise-cell-key", 0, cell_key).show(&["out/release.txt", "out/release.csv"]),
        released("noise-show-from", 0, &format!("{cell_key}show-from = 7")).show(&["out/release.txt"]),
        released("noise-averaged", 1, &format!("{cell_key}least-variance = 2.5")),
        released("noise-no-key", 2, &cell_key.replace("key-file", "key-env")),
        released("noise-no-method", 2, "d = 2\nvariance = 1"),
        released("noise-too-little", 2, "method = \"cell-key\"\nd = 2\nvariance = 0.5\njs = 1\nkey-file = \"key\""),
        released("noise-bad-table", 2, "method = \"cell-key\"\ntable = \"t.csv\"\nkeys = \"column\"")
            .file("t.csv", "i;v;p_int_ub\n0;0;1\n1;-1;0,5\n1;1;0,4\n"),
        released("noise-no-column", 2, "method = \"cell-key\"\nd = 4\nvariance = 3\nkeys = \"column\""),
        released("noise-found-categories", 2, laplace),
        case("noise-spent", 1, "tabsafe release stated.toml --policy ./own.toml --out out")
            .file("own.toml", policy(laplace))
            .file("ledger.csv", spent)
            .file(
                "stated.toml",
                "title = \"T\"\n[input]\nfile = \"cases.csv\"\n[variables.sex]\ncolumn = \"sex\"\norder = [\"f\", \"m\"]\n\
                 missing = { category = \"?\" }\nother = { category = \"?\" }\n[[tables]]\ntitle = \"One\"\nrows = [\"sex\"]\n",
            ),
        audit("audit-perturbed", 1, "tabsafe audit noisy.csv --by area --count count --perturbed 'cell-key(d=1,variance=0.5)'"),
        // three breakdowns of one total: 1 / (1 + 3/2) of the variance is left of it
        audit(
            "audit-perturbed-averaged",
            1,
            "tabsafe audit three.csv --by a,b,c --count count --perturbed 'cell-key(d=2,variance=1,least-variance=0.5)'",
        )
        .file("three.csv", THREE),
        audit(
            "audit-perturbed-not-averaged",
            0,
            "tabsafe audit three.csv --by a,b,c --count count --perturbed 'cell-key(d=2,variance=1,least-variance=0.3)'",
        )
        .file("three.csv", THREE),
        audit("audit-perturbed-json", 1, "tabsafe audit noisy.csv --by area --count count --perturbed 'cell-key(2,3)' --format json"),
        audit("audit-perturbed-how", 3, "tabsafe audit noisy.csv --by area --count count"),
        audit("audit-no-perturbation", 2, "tabsafe audit noisy.csv --by area --count count --perturbed 'cel-key(d=1)'"),
        case("noise-protect-id", 0, "tabsafe protect cases.csv --by area,sex --id victim --policy ./own.toml --out table.csv")
            .file("own.toml", policy(cell_key))
            .file("key", KEY)
            .show(&["table.csv"]),
        case("noise-protect-no-id", 3, "tabsafe protect cases.csv --by area,sex --id name --policy ./own.toml --out table.csv")
            .file("own.toml", policy(cell_key))
            .file("key", KEY),
        case("noise-protect-record-key", 2, "tabsafe protect cases.csv --by area,sex --policy ./own.toml --out table.csv")
            .file("own.toml", policy("method = \"cell-key\"\nd = 4\nvariance = 3\nkeys = \"column\"")),
        case("noise-protect", 0, "tabsafe protect cases.csv --by area,sex --policy ./own.toml --out table.csv")
            .file("own.toml", policy(cell_key))
            .file("key", KEY)
            .show(&["table.csv"]),
    ]
}

/// Each case says what was done, or what is wrong and what to do next.
#[test]
fn releases_with_noise() {
    super::check_all(cases());
}
