//! Certificates for the stand-in and its institutions, issued by an authority (認証局) of its own.
//!
//! A directory holds what institutions need: `ca.pem`, whom to believe, and `{number}.pem`, certificate and key of each. What
//! the stand-in alone needs is in `authority/` below it: `ca.key` and `server.pem`. An institution is named by the common name
//! (CN) of its certificate.

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, Utc};
use model::codes::InstitutionNumber;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose, date_time_ymd,
};
use std::{
    fs::{self, OpenOptions},
    io::{self, Write},
    ops::Range,
    path::{Path, PathBuf},
};
use x509_parser::pem::parse_x509_pem;

/// Months for which a certificate of an institution or of the stand-in holds.
const MONTHS: u32 = 24;
/// Months for which the authority holds.
const AUTHORITY_MONTHS: u32 = 120;
/// Days before its end at which a certificate is issued anew.
const RENEWAL: i64 = 30;

/// Why no certificate was issued.
#[derive(Debug, thiserror::Error)]
pub enum IssueError {
    /// A file cannot be read or written.
    #[error("{path} を読み書きできません。")]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// A certificate cannot be made, or the authority's cannot be read.
    #[error("証明書を作成できません。")]
    Certificate(#[from] rcgen::Error),
}

/// The authority over a directory.
pub struct Authority {
    dir: PathBuf,
    certificate: String,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    /// Opens the authority of a directory; the first time it is founded.
    ///
    /// # Errors
    /// When files cannot be read or written, or hold something else.
    pub fn open(dir: &Path, today: NaiveDate) -> Result<Self, IssueError> {
        let private = dir.join("authority");
        fs::create_dir_all(&private).map_err(at(&private))?;
        let (path, key_path) = (dir.join("ca.pem"), private.join("ca.key"));
        if !path.exists() || !key_path.exists() {
            let key = KeyPair::generate()?;
            let mut params = named("標準カルテ 電子カルテ情報共有サービス代役 認証局", during(today, AUTHORITY_MONTHS));
            params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
            params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
            let certificate = params.self_signed(&key)?;
            write(&key_path, &key.serialize_pem())?;
            write(&path, &certificate.pem())?;
        }
        let certificate = fs::read_to_string(&path).map_err(at(&path))?;
        let key = KeyPair::from_pem(&fs::read_to_string(&key_path).map_err(at(&key_path))?)?;
        let issuer = Issuer::from_ca_cert_pem(&certificate, key)?;
        Ok(Self { dir: dir.to_owned(), certificate, issuer })
    }

    /// Sees to it that an institution has a certificate that holds for a while; true when one was issued.
    ///
    /// # Errors
    /// When it cannot be made or written.
    pub fn institution(&self, number: &InstitutionNumber, now: DateTime<Utc>) -> Result<bool, IssueError> {
        if holds(&self.dir.join(format!("{number}.pem")), now) {
            return Ok(false);
        }
        self.issue_institution(number, &number.0, during(model::date::day_of(now), MONTHS))?;
        Ok(true)
    }

    /// Issues an institution's file with a certificate on some name for some days, whatever was there.
    ///
    /// # Errors
    /// When it cannot be made or written.
    pub fn issue_institution(&self, number: &InstitutionNumber, name: &str, days: Range<NaiveDate>) -> Result<(), IssueError> {
        let path = self.dir.join(format!("{number}.pem"));
        self.issue(&path, named(name, days), ExtendedKeyUsagePurpose::ClientAuth)
    }

    /// Sees to it that the stand-in has a certificate on the names by which it is reached.
    ///
    /// # Errors
    /// When it cannot be made or written.
    pub fn server(&self, names: &[String], now: DateTime<Utc>) -> Result<bool, IssueError> {
        if holds(&server_file(&self.dir), now) {
            return Ok(false);
        }
        self.issue_server(names, during(model::date::day_of(now), MONTHS))?;
        Ok(true)
    }

    /// Issues the stand-in's certificate for some days, whatever was there.
    ///
    /// # Errors
    /// When it cannot be made or written.
    pub fn issue_server(&self, names: &[String], days: Range<NaiveDate>) -> Result<(), IssueError> {
        let mut params = named("標準カルテ 電子カルテ情報共有サービス代役", days);
        params.subject_alt_names = CertificateParams::new(names.to_vec())?.subject_alt_names;
        self.issue(&server_file(&self.dir), params, ExtendedKeyUsagePurpose::ServerAuth)
    }

    fn issue(&self, path: &Path, mut params: CertificateParams, usage: ExtendedKeyUsagePurpose) -> Result<(), IssueError> {
        params.use_authority_key_identifier_extension = true;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![usage];
        let key = KeyPair::generate()?;
        let certificate = params.signed_by(&key, &self.issuer)?;
        write(path, &format!("{}{}{}", certificate.pem(), self.certificate, key.serialize_pem()))
    }
}

/// Certificate and key of the stand-in.
pub(crate) fn server_file(dir: &Path) -> PathBuf {
    dir.join("authority/server.pem")
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> IssueError {
    let path = path.to_owned();
    move |source| IssueError::File { path, source }
}

/// From yesterday, so that clocks may differ a little, for some months.
fn during(today: NaiveDate, months: u32) -> Range<NaiveDate> {
    (today - Days::new(1))..(today + Months::new(months))
}

fn named(name: &str, days: Range<NaiveDate>) -> CertificateParams {
    let midnight = |day: NaiveDate| {
        let (month, of_month) = (u8::try_from(day.month()), u8::try_from(day.day()));
        date_time_ymd(day.year(), month.expect("months are few"), of_month.expect("days are few"))
    };
    let mut params = CertificateParams::default();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    (params.not_before, params.not_after) = (midnight(days.start), midnight(days.end));
    params
}

/// Whether the first certificate of a file holds now and for a while.
fn holds(path: &Path, now: DateTime<Utc>) -> bool {
    let Ok(bytes) = fs::read(path) else { return false };
    let Ok((_, pem)) = parse_x509_pem(&bytes) else { return false };
    let Ok(certificate) = pem.parse_x509() else { return false };
    let validity = certificate.validity();
    let late = now.timestamp() + RENEWAL * 86_400;
    validity.not_before.timestamp() <= now.timestamp() && late <= validity.not_after.timestamp()
}

/// Writes beside the place and renames; there are keys in it, so only the owner may read it.
fn write(path: &Path, text: &str) -> Result<(), IssueError> {
    let fresh = path.with_extension("new");
    let mut options = OpenOptions::new();
    options.create(true).write(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&fresh).map_err(at(&fresh))?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(at(&fresh))?;
    fs::rename(&fresh, path).map_err(at(path))
}
