fn main() {
    println!("tabsafe");
}
