//! The noise, by the library opendp: exact samplers of the discrete Laplace and the discrete Gaussian distribution, and
//! what they cost, rounded against us.
//!
//! Random bits: the library, as it is built here, draws them from ChaCha20 with a key of 256 bits from the operating system.
//! Every draw runs in a thread of its own, which takes a new key and ends with the draw; nothing can set or repeat it.

use opendp::core::Measurement;
use opendp::domains::{AtomDomain, VectorDomain};
use opendp::measurements::{make_gaussian, make_laplace};
use opendp::measures::{MaxDivergence, ZeroConcentratedDivergence};
use opendp::metrics::{L1Distance, L2Distance};

use super::super::PerturbError;
use super::ledger::Unit;

/// Which noise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mechanism {
    /// Discrete Laplace: pure differential privacy, ε.
    Laplace,
    /// Discrete Gaussian: zero-concentrated differential privacy, ρ.
    Gaussian,
}

/// Chances that a guarantee in ε fails, for words about ρ.
const DELTA: f64 = 1e-6;

fn fault(what: &str) -> PerturbError {
    PerturbError::new(what.to_owned(), "this is a fault of tabsafe: please report it")
}

impl Mechanism {
    /// What its budget is counted in.
    pub fn unit(self) -> Unit {
        match self {
            Mechanism::Laplace => Unit::Epsilon,
            Mechanism::Gaussian => Unit::Rho,
        }
    }

    /// The scale of the noise that costs at most `budget`, where a person changes at most `records` records in each of
    /// `grids` grids.
    ///
    /// # Errors
    /// If there is none.
    pub fn scale(self, records: i64, grids: usize, budget: f64) -> Result<f64, PerturbError> {
        let (k, grids) = (records as f64, grids as f64);
        let mut scale = match self {
            // Δ1 = k·g: all records of a person may be in one cell of each grid
            Mechanism::Laplace => k * grids / budget,
            // Δ2 = k·√g
            Mechanism::Gaussian => k * (grids / (2.0 * budget)).sqrt(),
        };
        // division and root round to nearest: a step up makes the cost at most what may be spent
        for _ in 0..16 {
            if self.cost(scale, records, grids)? <= budget {
                return Ok(scale);
            }
            scale = scale.next_up();
        }
        Err(fault("no scale of noise fits the privacy budget"))
    }

    /// What noise of a scale costs, by the library's own account.
    fn cost(self, scale: f64, records: i64, grids: f64) -> Result<f64, PerturbError> {
        let told = match self {
            Mechanism::Laplace => laplace(scale)?.map(&(records.saturating_mul(grids as i64))),
            Mechanism::Gaussian => gaussian(scale)?.map(&((records as f64 * grids.sqrt()).next_up())),
        };
        told.map_err(|_| fault("the cost of the noise can't be told"))
    }

    /// A budget in ρ as the more common ε and δ.
    pub fn in_other_words(self, budget: f64) -> Option<String> {
        (self == Mechanism::Gaussian).then(|| {
            let epsilon = budget + 2.0 * (budget * (1.0 / DELTA).ln()).sqrt();
            format!("rho = {budget} is differential privacy with epsilon = {epsilon:.3} and delta = {DELTA:e}, at most")
        })
    }
}

type Counts = VectorDomain<AtomDomain<i64>>;
type Laplace = Measurement<Counts, L1Distance<i64>, MaxDivergence, Vec<i64>>;
type Gaussian = Measurement<Counts, L2Distance<f64>, ZeroConcentratedDivergence, Vec<i64>>;

fn domain() -> Counts {
    VectorDomain::new(AtomDomain::default())
}

fn laplace(scale: f64) -> Result<Laplace, PerturbError> {
    make_laplace(domain(), L1Distance::default(), scale, None).map_err(|_| fault("the Laplace mechanism can't be made"))
}

fn gaussian(scale: f64) -> Result<Gaussian, PerturbError> {
    make_gaussian(domain(), L2Distance::default(), scale, None)
        .map_err(|_| fault("the Gaussian mechanism can't be made"))
}

/// Counts with noise of this scale.
///
/// # Errors
/// If the operating system gives no random numbers.
pub fn draw(mechanism: Mechanism, scale: f64, counts: Vec<i64>) -> Result<Vec<i64>, PerturbError> {
    let work = move || match mechanism {
        Mechanism::Laplace => laplace(scale)?.invoke(&counts).map_err(|_| fault("no noise could be drawn")),
        Mechanism::Gaussian => gaussian(scale)?.invoke(&counts).map_err(|_| fault("no noise could be drawn")),
    };
    // the generator panics where the system has no random numbers: that ends the thread and not more
    let no_numbers = || {
        PerturbError::new(
            "the operating system gives no random numbers",
            "look for what keeps it from doing so, then try again",
        )
    };
    std::thread::spawn(work).join().map_err(|_| no_numbers())?
}
