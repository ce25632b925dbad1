//! `karte-platform`: the stand-in of the national platform as a process of its own.

use chrono::{DateTime, Utc};
use clap::{Args, Parser, Subcommand};
use model::codes::InstitutionNumber;
use platform::{Options, Platform, certificates::Authority, control, router};
use std::{
    error::Error,
    future::IntoFuture,
    net::SocketAddr,
    path::PathBuf,
    sync::Arc,
    time::{Duration, SystemTime},
};
use tokio::{net::TcpListener, sync::Notify};

/// How long requests under way may take after the process was asked to stop.
const PATIENCE: Duration = Duration::from_secs(5);

/// 電子カルテ情報共有サービスの代役（デモ・試験用）
#[derive(Parser)]
#[command(name = "karte-platform", version, args_conflicts_with_subcommands = true)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    run: Run,
}

#[derive(Subcommand)]
enum Command {
    /// 代役と医療機関の証明書を発行する（有効なものはそのまま）
    Certificates(Issue),
}

#[derive(Args)]
struct Issue {
    /// 証明書のディレクトリ
    #[arg(long, env = "KARTE_PLATFORM_CERTIFICATES", value_name = "DIR")]
    dir: PathBuf,
    /// 代役に接続するときのホスト名
    #[arg(long = "name", value_name = "HOST", default_values = ["localhost", "127.0.0.1"])]
    names: Vec<String>,
    /// 医療機関番号（10桁）
    #[arg(value_parser = institution)]
    numbers: Vec<InstitutionNumber>,
}

#[derive(Args)]
struct Run {
    /// 待ち受けるアドレス
    #[arg(long, env = "KARTE_PLATFORM_LISTEN", default_value = "127.0.0.1:3100")]
    listen: SocketAddr,
    /// データディレクトリ
    #[arg(long, env = "KARTE_PLATFORM_DATA", default_value = "data/platform")]
    data: PathBuf,
    /// 証明書のディレクトリ（certificates コマンドで作る）。HTTPS で待ち受け、クライアント証明書を求める
    #[arg(long, env = "KARTE_PLATFORM_CERTIFICATES", value_name = "DIR")]
    certificates: Option<PathBuf>,
    /// 証明書なしの HTTP で待ち受け、ヘッダーの医療機関番号を信じる（試験用）
    #[arg(long)]
    insecure: bool,
    /// 故障の注文・記録の閲覧・時計（試験用）を受け付けるアドレス
    #[arg(long, value_name = "ADDR")]
    control: Option<SocketAddr>,
    /// JP-CLINS プロファイルの版 (1.5.2 または 1.11)
    #[arg(long, env = "KARTE_PROFILES", default_value_t)]
    profiles: fhir::Version,
    /// すべての受付を確認中とし、この秒数の後に判定する
    #[arg(long, value_name = "SECONDS")]
    delay: Option<u64>,
}

fn institution(text: &str) -> Result<InstitutionNumber, String> {
    InstitutionNumber::parse(text).map_err(|flaw| flaw.to_string())
}

fn now() -> DateTime<Utc> {
    SystemTime::now().into()
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments = Arguments::parse();
    match arguments.command {
        Some(Command::Certificates(issue)) => certificates(&issue),
        None => run(arguments.run).await,
    }
}

fn certificates(issue: &Issue) -> Result<(), Box<dyn Error>> {
    let authority = Authority::open(&issue.dir, model::date::day_of(now()))?;
    authority.server(&issue.names, now())?;
    for number in &issue.numbers {
        let state = if authority.institution(number, now())? { "発行しました" } else { "有効です" };
        println!("{}: {state}", issue.dir.join(format!("{number}.pem")).display());
    }
    Ok(())
}

async fn run(arguments: Run) -> Result<(), Box<dyn Error>> {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "info".into());
    tracing_subscriber::fmt().json().with_env_filter(filter).init();
    let options = Options { profiles: arguments.profiles, delay: arguments.delay.map(Duration::from_secs) };
    let platform = Arc::new(Platform::open(&arguments.data, options, Arc::new(now))?);
    if let Some(address) = arguments.control {
        let listener = TcpListener::bind(address).await?;
        tracing::info!(control = %listener.local_addr()?, "listening");
        tokio::spawn(axum::serve(listener, control(platform.clone())).into_future());
    }
    let listener = TcpListener::bind(arguments.listen).await?;
    tracing::info!(address = %listener.local_addr()?, "listening");
    let stopping = Arc::new(Notify::new());
    let told = stopping.clone();
    let stop = async move {
        asked_to_stop().await;
        told.notify_one();
    };
    let served = async move {
        match (arguments.certificates, arguments.insecure) {
            (_, true) => Ok(axum::serve(listener, router(platform)).with_graceful_shutdown(stop).await?),
            (Some(dir), false) => Ok(platform::serve(platform, listener, &dir, stop).await?),
            (None, false) => Err(Box::<dyn Error>::from("--certificates DIR または --insecure を指定してください")),
        }
    };
    // Requests under way may finish, but one that hangs (a fault on demand) does not hold the process.
    tokio::select! {
        result = served => result?,
        () = async { stopping.notified().await; tokio::time::sleep(PATIENCE).await } => tracing::warn!("stopped with requests under way"),
    }
    tracing::info!("stopped");
    Ok(())
}

/// Waits for SIGTERM or the interrupt key.
async fn asked_to_stop() {
    let interrupt = async { tokio::signal::ctrl_c().await.expect("a handler can be set") };
    #[cfg(unix)]
    {
        let mut terminate =
            tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()).expect("a handler can be set");
        tokio::select! { () = interrupt => {}, _ = terminate.recv() => {} }
    }
    #[cfg(not(unix))]
    interrupt.await;
}
