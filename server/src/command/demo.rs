//! `karte demo`: two fictional clinics, staff of every role, a hundred patients with histories.

use std::{process::ExitCode, sync::Arc};

use clap::Args;
use clinic::{
    Clinic,
    demo::{DemoClinic, DemoSummary},
    world::SystemClock,
};

use super::{Failure, Outcome};
use crate::{config::Storage, database::Database};

/// The generator works alone; a second connection is for looking up what exists.
const CONNECTIONS: u32 = 2;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    storage: Storage,

    /// 乱数の種。同じ種と日付からは同じ患者と診療録ができる
    #[arg(long, value_name = "NUMBER", default_value_t = 20_260_710)]
    seed: u64,

    /// デモ職員全員のパスワード (架空の患者だけの環境で使うこと)
    #[arg(long, env = "KARTE_DEMO_PASSWORD", value_name = "TEXT", default_value = "karte-demo")]
    password: String,
}

pub(super) async fn run(arguments: Arguments) -> Outcome {
    let database = Database::join(&arguments.storage).await?;
    let filled = fill(&database, &arguments).await;
    database.close().await;
    print(&filled?, &arguments.password);
    Ok(ExitCode::SUCCESS)
}

async fn fill(database: &Database, arguments: &Arguments) -> Result<DemoSummary, Failure> {
    clinic::db::migrate(database.options()).await?;
    let pool = clinic::db::pool(database.options().clone(), CONNECTIONS).await?;
    let clinic = Clinic::new(pool.clone(), Arc::new(::masters::Store::default()), Arc::new(SystemClock));
    let filled = clinic::demo::fill(&clinic, arguments.seed, clinic.today(), &arguments.password).await;
    pool.close().await;
    // Nobody's data is in an error of the demo, so it may be told in full.
    filled.map_err(|error| Failure::from(format!("デモデータを作成できませんでした: {error:?}")))
}

fn print(summary: &DemoSummary, password: &str) {
    for clinic in &summary.clinics {
        print_clinic(clinic);
    }
    match summary.clinics.iter().all(|clinic| clinic.created) {
        true => println!("パスワード (全員共通): {password}"),
        false => println!("既にあったデモには変更を加えていません。パスワードは作成時のままです。"),
    }
}

fn print_clinic(clinic: &DemoClinic) {
    let made = if clinic.created { "作成しました" } else { "既にあります" };
    println!("{}（医療機関ID: {}）— {made}", clinic.name, clinic.slug);
    println!("  患者 {}人、受診 {}件、送信待ちの文書 {}件", clinic.patients, clinic.visits, clinic.waiting);
    for (login, name, role) in &clinic.staff {
        println!("  {:<10} {name}（{}）", login, role.label());
    }
    if let Some((name, number)) = &clinic.shared_patient {
        println!("  両方の医療機関に登録のある患者: {name}（患者番号 {number}）");
    }
    println!();
}
