#include <fieldbook/ensembles/wave_chain.hpp>

#include <cmath>
#include <stdexcept>

namespace fieldbook {

namespace {

constexpr std::size_t lanes = 16;
constexpr std::uint64_t sweeps_between_sums = 256;

}  // namespace

double SiteAction::operator()(std::span<const float> field) const {
  double sum = 0;
  for (const float value : field) {
    const double square = static_cast<double>(value) * value;
    sum += (quadratic + quartic * square) * square;
  }
  return sum;
}

WaveChain::WaveChain(std::shared_ptr<const WaveNetwork> network, SiteAction action, Lags lags, double step,
                     std::uint64_t seed, const std::string& name, std::uint64_t chain)
    : network_{std::move(network)},
      action_{action},
      lags_{std::move(lags)},
      step_{step},
      thresholds_{seed, name + ": thresholds"},
      first_draw_{chain << 40},
      waves_(network_->neurons()),
      proposals_(network_->neurons()),
      rows_(network_->neurons() * network_->grid().stride()),
      field_(network_->grid().stride()),
      candidate_(network_->grid().stride()),
      threshold_(network_->neurons()) {
  if (!(step > 0 && step <= 1) || (step < 1 && !network_->gaussian()))
    throw std::invalid_argument{"WaveChain: a step in (0, 1], and 1 for a network that is not Gaussian"};
  // The last draw of this chain's share, which no sweep will reach
  network_->draw(first_draw_ + (std::uint64_t{1} << 40) - 1, waves_);
  make_rows();
  network_->field(waves_, field_);
}

void WaveChain::make_rows() {
  const std::size_t stride = network_->grid().stride();
  for (std::size_t i = 0; i < waves_.size(); ++i)
    network_->row(waves_[i], std::span{rows_}.subspan(i * stride, stride));
}

void WaveChain::visit(std::size_t neuron, const Wave& proposal, float threshold) {
  const std::size_t stride = field_.size();
  float* const row = rows_.data() + neuron * stride;
  const float* const cosines = network_->grid().cosines(proposal.momentum).data();
  const float* const sines = network_->grid().sines(proposal.momentum).data();
  const auto quadratic = static_cast<float>(action_.quadratic), quartic = static_cast<float>(action_.quartic);
  // The change of S with new = old + d: the square grows by d (2 old + d) =: q, the fourth power by q (old^2 + new^2).
  // 16 partial sums of fixed order: the same bits from every instruction set
  float change[lanes] = {};
  for (std::size_t x = 0; x < stride; x += lanes)
    for (std::size_t l = 0; l < lanes; ++l) {
      const float value = proposal.cosine * cosines[x + l] + proposal.sine * sines[x + l];
      const float old = field_[x + l], d = value - row[x + l], fresh = old + d;
      const float q = d * (old + fresh);
      change[l] += q * (quadratic + quartic * (old * old + fresh * fresh));
      candidate_[x + l] = value;
    }
  double total = 0;
  for (const float part : change) total += part;
  // An exponential number above dS: the probability is min(1, e^{-dS})
  if (!(static_cast<double>(threshold) > total)) return;
  for (std::size_t x = 0; x < stride; ++x) {
    field_[x] += candidate_[x] - row[x];
    row[x] = candidate_[x];
  }
  waves_[neuron] = proposal;
  accepted_ += 1;
}

void WaveChain::sweep(std::uint64_t number) {
  network_->draw(first_draw_ + number, proposals_);
  thresholds_.exponentials(first_draw_ + number, threshold_);
  const auto keep = static_cast<float>(std::sqrt(1 - step_ * step_)), take = static_cast<float>(step_);
  accepted_ = 0;
  for (std::size_t i = 0; i < waves_.size(); ++i) {
    Wave proposal = proposals_[i];
    if (step_ < 1) {
      proposal.cosine = keep * waves_[i].cosine + take * proposal.cosine;
      proposal.sine = keep * waves_[i].sine + take * proposal.sine;
    }
    visit(i, proposal, threshold_[i]);
  }
  // Rounding errors of the running sum must not grow
  if (number % sweeps_between_sums == 0) network_->field(waves_, field_);
}

void WaveChain::measure(std::span<double> observables) const {
  const std::size_t sites = network_->grid().sites();
  double square = 0, fourth = 0;
  for (std::size_t x = 0; x < sites; ++x) {
    const double s = static_cast<double>(field_[x]) * field_[x];
    square += s;
    fourth += s * s;
  }
  const auto mean = [sites](double sum) { return sum / static_cast<double>(sites); };
  observables[0] = mean(square);
  observables[1] = mean(fourth);
  for (std::size_t lag = 0; lag < lags_.size(); ++lag) {
    double sum = 0;
    for (std::size_t x = 0; x < sites; ++x) sum += static_cast<double>(field_[x]) * field_[lags_[lag][x]];
    observables[2 + lag] = mean(sum);
  }
  observables[2 + lags_.size()] = accepted_ / static_cast<double>(waves_.size());
}

}  // namespace fieldbook
