//! `karte-platform`: the stand-in of the national platform as a process of its own.

use chrono::{DateTime, Utc};
use clap::Parser;
use platform::{Options, Platform, router};
use std::{
    error::Error,
    future::IntoFuture,
    net::SocketAddr,
    path::PathBuf,
    sync::Arc,
    time::{Duration, SystemTime},
};

/// How long requests under way may take after the process was asked to stop.
const PATIENCE: Duration = Duration::from_secs(5);

/// 電子カルテ情報共有サービスの代役（デモ・試験用）
#[derive(Parser)]
#[command(name = "karte-platform", version)]
struct Arguments {
    /// 待ち受けるアドレス
    #[arg(long, env = "KARTE_PLATFORM_LISTEN", default_value = "127.0.0.1:3100")]
    listen: SocketAddr,
    /// データディレクトリ
    #[arg(long, env = "KARTE_PLATFORM_DATA", default_value = "data/platform")]
    data: PathBuf,
    /// 医療機関の認証情報「医療機関番号=トークン」（繰り返し可。なければ最初に使われたものを登録）
    #[arg(long = "token", value_parser = token)]
    tokens: Vec<(String, String)>,
    /// 故障を注文できるようにする（試験用）
    #[arg(long)]
    allow_faults: bool,
}

fn token(text: &str) -> Result<(String, String), String> {
    let pair = text.split_once('=').filter(|(_, token)| !token.is_empty());
    pair.map(|(number, token)| (number.to_owned(), token.to_owned()))
        .ok_or_else(|| "「医療機関番号=トークン」の形で指定してください".into())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments = Arguments::parse();
    let filter = tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "info".into());
    tracing_subscriber::fmt().json().with_env_filter(filter).init();
    let options = Options { allow_faults: arguments.allow_faults, tokens: arguments.tokens.into_iter().collect() };
    let clock = Arc::new(|| DateTime::<Utc>::from(SystemTime::now()));
    let platform = Arc::new(Platform::open(&arguments.data, options, clock)?);
    let listener = tokio::net::TcpListener::bind(arguments.listen).await?;
    tracing::info!(address = %listener.local_addr()?, "listening");
    let stopping = Arc::new(tokio::sync::Notify::new());
    let told = stopping.clone();
    let served = axum::serve(listener, router(platform)).with_graceful_shutdown(async move {
        asked_to_stop().await;
        told.notify_one();
    });
    // Requests under way may finish, but one that hangs (a fault on demand) does not hold the process.
    tokio::select! {
        result = served.into_future() => result?,
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
