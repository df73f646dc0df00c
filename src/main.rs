fn main() { println!("tabsafe"); }
