//! The calls. What stores is repeated under the same key until it is answered or the retry policy ends; the server stores once.

use std::time::Duration;

use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue, RETRY_AFTER};
use reqwest::{Method, Response, StatusCode, Url};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;

use crate::error::ClientError;
use crate::queue::QueuedItem;
use crate::retry::RetryPolicy;
use crate::wire::{BatchItemResponse, ProblemResponse};
use crate::wire::{
    CommitResponse, LookupResponse, NamedReturnRequest, QuoteResponse, ReceiptListRequest,
    ReceiptListResponse, ReceiptRequest, ReturnRequest,
};

/// Longest time that one try may take.
const TRY_TIMEOUT: Duration = Duration::from_secs(30);

/// A till's connection to its programme; cheap to clone.
#[derive(Debug, Clone)]
pub struct PosApiClient {
    http: reqwest::Client,
    base: Url,
    retry_policy: RetryPolicy,
}

/// Answers of a batch.
#[derive(serde::Deserialize)]
struct BatchResponse {
    results: Vec<BatchItemResponse>,
}

impl PosApiClient {
    /// A client of the site, as `https://club.example.com`, with the till's key.
    ///
    /// # Errors
    /// [`ClientError::Setup`] when the address or the key is malformed.
    pub fn new(site: &str, key: &str) -> Result<Self, ClientError> {
        // Another part of the program may have chosen a provider already; any will do.
        drop(rustls::crypto::ring::default_provider().install_default());
        let setup = |error: &dyn std::fmt::Display| ClientError::Setup(error.to_string());
        let mut bearer = HeaderValue::from_str(&format!("Bearer {key}")).map_err(|e| setup(&e))?;
        bearer.set_sensitive(true);
        let http = reqwest::Client::builder()
            .default_headers(HeaderMap::from_iter([(AUTHORIZATION, bearer)]))
            .timeout(TRY_TIMEOUT)
            .tcp_nodelay(true)
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        let base = format!("{}/pos/v1/", site.trim_end_matches('/'));
        Ok(Self {
            http,
            base: Url::parse(&base).map_err(|e| setup(&e))?,
            retry_policy: RetryPolicy::default(),
        })
    }

    /// Returns the same client with another retry policy.
    pub fn with_retry_policy(mut self, retry_policy: RetryPolicy) -> Self {
        self.retry_policy = retry_policy;
        self
    }

    /// Finds the member behind a scanned code.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn look_up_member(&self, code: &str) -> Result<LookupResponse, ClientError> {
        let body = json!({"code": code});
        self.request_json(Method::POST, "members/lookup", None, Some(&body))
            .await
    }

    /// Sends a shopper a link to joining.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn send_invitation(&self, phone: &str) -> Result<(), ClientError> {
        let body = json!({"phone": phone});
        // Repeating would send a second message: one try.
        let once = self.clone().with_retry_policy(RetryPolicy::NONE);
        once.call_with_retries(Method::POST, "members/enrol", None, Some(&body))
            .await?;
        Ok(())
    }

    /// Returns what a sale would cost and earn.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn quote_sale(&self, receipt: &ReceiptRequest) -> Result<QuoteResponse, ClientError> {
        self.request_json(Method::POST, "receipts/quote", None, Some(receipt))
            .await
    }

    /// Stores a sale, exactly once for this key.
    ///
    /// # Errors
    /// [`ClientError`]; after [`ClientError::Busy`] and [`ClientError::NoLink`] repeat with the same key.
    /// [`ClientError::Waits`] for a receipt that is parked or held.
    pub async fn commit_sale(
        &self,
        key: &str,
        receipt: &ReceiptRequest,
    ) -> Result<CommitResponse, ClientError> {
        self.store_under_key("receipts", key, receipt).await
    }

    /// A stored receipt.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn load_receipt(&self, id: &str) -> Result<CommitResponse, ClientError> {
        let path = format!("receipts/{id}");
        self.request_json::<(), _>(Method::GET, &path, None, None)
            .await
    }

    /// Lists receipts of a shift, or finds one by its number.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn list_receipts(
        &self,
        search: &ReceiptListRequest,
    ) -> Result<ReceiptListResponse, ClientError> {
        let mut url = self.base.clone();
        let limit = search.limit.map(|limit| limit.to_string());
        let pairs = [
            ("shift", Some(search.shift.as_str())),
            ("number", search.number.as_deref()),
            ("series", search.series.as_deref()),
            ("till", search.till.as_deref()),
            ("after", search.after.as_deref()),
            ("limit", limit.as_deref()),
        ];
        for (name, value) in pairs {
            if let Some(value) = value {
                url.query_pairs_mut().append_pair(name, value);
            }
        }
        let path = format!("receipts?{}", url.query().unwrap_or_default());
        self.request_json::<(), _>(Method::GET, &path, None, None)
            .await
    }

    /// Quotes a return that names its sale.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn quote_named_return(
        &self,
        what: &NamedReturnRequest,
    ) -> Result<QuoteResponse, ClientError> {
        self.request_json(Method::POST, "receipts/returns/quote", None, Some(what))
            .await
    }

    /// Stores a return that names its sale, exactly once for this key.
    ///
    /// # Errors
    /// As [`PosApiClient::commit_sale`]; [`ClientError::Waits`] also while the return waits for its sale.
    pub async fn commit_named_return(
        &self,
        key: &str,
        what: &NamedReturnRequest,
    ) -> Result<CommitResponse, ClientError> {
        self.store_under_key("receipts/returns", key, what).await
    }

    /// Returns what a return would give and take back.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn quote_return(
        &self,
        sale: &str,
        what: &ReturnRequest,
    ) -> Result<QuoteResponse, ClientError> {
        let path = format!("receipts/{sale}/returns/quote");
        self.request_json(Method::POST, &path, None, Some(what))
            .await
    }

    /// Stores a return, exactly once for this key.
    ///
    /// # Errors
    /// As [`PosApiClient::commit_sale`].
    pub async fn commit_return(
        &self,
        key: &str,
        sale: &str,
        what: &ReturnRequest,
    ) -> Result<CommitResponse, ClientError> {
        let path = format!("receipts/{sale}/returns");
        self.store_under_key(&path, key, what).await
    }

    /// Hands a gift over, once.
    ///
    /// # Errors
    /// [`ClientError`]; a repeat after a lost answer is refused as `gift-handed-over`.
    pub async fn hand_over(&self, gift: &str) -> Result<(), ClientError> {
        let path = format!("gifts/{gift}/handover");
        self.call_with_retries::<()>(Method::POST, &path, None, None)
            .await?;
        Ok(())
    }

    /// Posts up to 1,000 queued items; an answer for each, in the same order.
    ///
    /// # Errors
    /// [`ClientError`]; each item carries its own key, so the batch may be repeated.
    pub async fn post_batch(
        &self,
        items: &[QueuedItem],
    ) -> Result<Vec<BatchItemResponse>, ClientError> {
        let body = json!({"items": items});
        let path = "receipts/batch";
        let answer: BatchResponse = self
            .request_json(Method::POST, path, None, Some(&body))
            .await?;
        Ok(answer.results)
    }

    /// Stores something under a key.
    async fn store_under_key<B: Serialize + Sync>(
        &self,
        path: &str,
        key: &str,
        body: &B,
    ) -> Result<CommitResponse, ClientError> {
        let (status, bytes) = self
            .call_with_retries(Method::POST, path, Some(key), Some(body))
            .await?;
        if status == StatusCode::ACCEPTED {
            return Err(ClientError::Waits(Box::new(parse_body(status, &bytes)?)));
        }
        parse_body(status, &bytes)
    }

    async fn request_json<B: Serialize + Sync, A: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        key: Option<&str>,
        body: Option<&B>,
    ) -> Result<A, ClientError> {
        let (status, bytes) = self.call_with_retries(method, path, key, body).await?;
        parse_body(status, &bytes)
    }

    /// Calls until there is an answer or the retry policy ends; the body's bytes are the same each time.
    async fn call_with_retries<B: Serialize + Sync>(
        &self,
        method: Method,
        path: &str,
        key: Option<&str>,
        body: Option<&B>,
    ) -> Result<(StatusCode, Vec<u8>), ClientError> {
        let setup = |error: &dyn std::fmt::Display| ClientError::Setup(error.to_string());
        let url = self.base.join(path).map_err(|e| setup(&e))?;
        let body = body
            .map(serde_json::to_vec)
            .transpose()
            .map_err(|e| setup(&e))?;
        let mut tried = 1;
        loop {
            let mut request = self.http.request(method.clone(), url.clone());
            if let Some(key) = key {
                request = request.header("idempotency-key", key);
            }
            if let Some(body) = &body {
                request = request
                    .header(CONTENT_TYPE, "application/json")
                    .body(body.clone());
            }
            let error = match request.send().await {
                Ok(response) => match read_response(response).await {
                    Ok(answer) => return Ok(answer),
                    Err(error) => error,
                },
                Err(error) => ClientError::NoLink(error),
            };
            let asked = match &error {
                ClientError::Busy { retry_after, .. } => *retry_after,
                _ => None,
            };
            match self.retry_policy.delay_after(tried, asked) {
                Some(wait) if error.may_pass() => tokio::time::sleep(wait).await,
                _ => return Err(error),
            }
            tried += 1;
        }
    }
}

/// The answer that a body is.
fn parse_body<A: DeserializeOwned>(status: StatusCode, bytes: &[u8]) -> Result<A, ClientError> {
    serde_json::from_slice(bytes).map_err(|error| ClientError::Unreadable {
        status: status.as_u16(),
        cause: error.to_string(),
    })
}

/// Tells an answer, a refusal and a "not now" apart.
async fn read_response(response: Response) -> Result<(StatusCode, Vec<u8>), ClientError> {
    let status = response.status();
    let retry_after = response
        .headers()
        .get(RETRY_AFTER)
        .and_then(|value| value.to_str().ok())
        .and_then(|seconds| seconds.parse().ok())
        .map(Duration::from_secs);
    let bytes = response.bytes().await?.to_vec();
    if status.is_success() {
        return Ok((status, bytes));
    }
    // 409 with Retry-After is a key that is still at work; without, it is a conflict that stays.
    let busy = status.is_server_error()
        || status == StatusCode::TOO_MANY_REQUESTS
        || status == StatusCode::REQUEST_TIMEOUT
        || (status == StatusCode::CONFLICT && retry_after.is_some());
    if busy {
        return Err(ClientError::Busy {
            status: status.as_u16(),
            retry_after,
        });
    }
    match serde_json::from_slice::<ProblemResponse>(&bytes) {
        Ok(problem) => Err(ClientError::Refused(Box::new(problem))),
        Err(error) => Err(ClientError::Unreadable {
            status: status.as_u16(),
            cause: error.to_string(),
        }),
    }
}
