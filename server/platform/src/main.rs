//! `karte-platform`: the stand-in of the national platform as a process of its own.

use chrono::{DateTime, Utc};
use clap::Parser;
use platform::{Options, Platform, control, router};
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
    /// 故障の注文・記録の閲覧・時計 (試験用) を受け付けるアドレス
    #[arg(long, value_name = "ADDR")]
    control: Option<SocketAddr>,
    /// 証明書なしの HTTP で、ヘッダーの医療機関番号を信じる（試験用）
    #[arg(long)]
    insecure: bool,
    /// JP-CLINS プロファイルの版 (1.5.2 または 1.11)
    #[arg(long, env = "KARTE_PROFILES", default_value_t)]
    profiles: fhir::Version,
    /// すべての受付を確認中とし、この秒数の後に判定する
    #[arg(long, value_name = "SECONDS")]
    delay: Option<u64>,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments = Arguments::parse();
    let filter = tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "info".into());
    tracing_subscriber::fmt().json().with_env_filter(filter).init();
    let options = Options { profiles: arguments.profiles, delay: arguments.delay.map(Duration::from_secs) };
    let clock = Arc::new(|| DateTime::<Utc>::from(SystemTime::now()));
    let platform = Arc::new(Platform::open(&arguments.data, options, clock)?);
    if let Some(address) = arguments.control {
        let listener = tokio::net::TcpListener::bind(address).await?;
        tracing::info!(control = %listener.local_addr()?, "listening");
        tokio::spawn(axum::serve(listener, control(platform.clone())).into_future());
    }
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
