//! Writes the made-up inputs into `corpus/`, one folder a target, and runs each target once on its own.

use masters_fuzz::seeds;
use std::path::Path;

fn main() -> std::io::Result<()> {
    for target in seeds::TARGETS {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target);
        std::fs::create_dir_all(&folder)?;
        let seeds = seeds::of(target);
        let mut taken = 0;
        for (index, seed) in seeds.iter().enumerate() {
            std::fs::write(folder.join(format!("seed-{index}")), seed)?;
            taken += usize::from(match target {
                "basic" => masters_fuzz::basic(seed),
                "difference" => masters_fuzz::difference(seed),
                "points" => masters_fuzz::points(seed),
                "comment_relation" => masters_fuzz::comment_relation(seed),
                "xlsx" => masters_fuzz::xlsx(seed),
                "unpack" => masters_fuzz::unpack(seed),
                "lists" => masters_fuzz::lists(seed),
                _ => masters_fuzz::starter_tsv(seed),
            });
        }
        println!("{target}: {taken} of {} inputs taken", seeds.len());
    }
    Ok(())
}
