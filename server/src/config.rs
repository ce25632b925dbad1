//! What can be set from outside, by option or environment variable, and what holds when nothing is set.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::http::scheme::Public;

/// Where the data is.
#[derive(Debug, Clone, Args)]
pub struct Storage {
    /// データディレクトリ。DATABASE_URL がなければ、ここに専用の PostgreSQL を作って使う
    #[arg(long, env = "KARTE_DATA", value_name = "DIR", default_value = "data")]
    pub data: PathBuf,

    /// 既存の PostgreSQL を使う場合の URL (例: postgres://user:password@host/karte)
    #[arg(long, env = "DATABASE_URL", value_name = "URL", hide_env_values = true)]
    pub database_url: Option<String>,
}

/// How the server is reached and what it reaches.
#[derive(Debug, Clone, Args)]
pub struct Web {
    /// 待ち受けるアドレスとポート
    #[arg(long, env = "KARTE_LISTEN", value_name = "ADDR", default_value = "127.0.0.1:3000")]
    pub listen: SocketAddr,

    /// ブラウザ側のファイル (pkg/, favicon.svg) のディレクトリ
    #[arg(long, env = "KARTE_SITE", value_name = "DIR", default_value_os_t = default_site())]
    pub site: PathBuf,

    /// ブラウザから見た URL。https:// なら Cookie に Secure を付ける。なければ中継サーバーの X-Forwarded-Proto に従う
    #[arg(long, env = "KARTE_PUBLIC_URL", value_name = "URL", value_parser = public)]
    pub public_url: Option<Public>,

    /// 全国プラットフォーム (電子カルテ情報共有サービス) の URL。なければ送信は待機のまま残る
    #[arg(long, env = "KARTE_PLATFORM_URL", value_name = "URL")]
    pub platform: Option<String>,

    /// プラットフォーム用の証明書のディレクトリ (ca.pem と 医療機関番号.pem)。https:// の URL に必要
    #[arg(long = "platform-certificates", env = "KARTE_PLATFORM_CERTIFICATES", value_name = "DIR")]
    pub certificates: Option<PathBuf>,

    /// 送る文書の JP-CLINS プロファイルの版 (1.5.2 または 1.11)
    #[arg(long, env = "KARTE_PROFILES", value_name = "VERSION", default_value_t)]
    pub profiles: fhir::Version,
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// One JSON object a line, for collectors.
    Json,
    /// For people at a terminal.
    Pretty,
}

/// How browsers reach us, by the address they use.
fn public(url: &str) -> Result<Public, String> {
    match url.split_once("://") {
        Some(("https", host)) if !host.is_empty() => Ok(Public::Https),
        Some(("http", host)) if !host.is_empty() => Ok(Public::Http),
        _ => Err("https://… または http://… の形で指定してください".to_owned()),
    }
}

/// `site` beside the program when it is there (an installed server), else where the build puts it.
fn default_site() -> PathBuf {
    std::env::current_exe()
        .ok()
        .and_then(|program| Some(program.parent()?.join("site")))
        .filter(|site| site.is_dir())
        .unwrap_or_else(|| "target/site".into())
}
