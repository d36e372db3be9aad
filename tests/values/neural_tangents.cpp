// Kernels that neural-tangents computed: reference_kernels.json, made by reference_kernels.py

#include <fieldbook/kernels/tangent_kernel.hpp>

#include <fmt/format.h>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "comparison.hpp"

namespace values {
namespace {

using namespace fieldbook;
using nlohmann::json;

Eigen::MatrixXd matrix(const json& rows) {
  Eigen::MatrixXd all(rows.size(), rows.at(0).size());
  for (Eigen::Index i = 0; i < all.rows(); ++i)
    for (Eigen::Index j = 0; j < all.cols(); ++j)
      all(i, j) = rows.at(static_cast<std::size_t>(i)).at(static_cast<std::size_t>(j)).get<double>();
  return all;
}

void add(Comparison& comparison, const Eigen::MatrixXd& ours, const Eigen::MatrixXd& theirs) {
  for (Eigen::Index i = 0; i < theirs.size(); ++i) comparison.add(ours(i), theirs(i));
}

}  // namespace

std::vector<Comparison> from_neural_tangents() {
  const json table = json::parse(std::ifstream{FIELDBOOK_REFERENCE_KERNELS});
  const Eigen::MatrixXd inputs = matrix(table.at("inputs"));
  // Rounding of some 1e-16 a layer; on the diagonal their relu takes the arc cosine of a cosine that is rounded to 1e-16 below
  // one, whose angle of 1e-8 changes the kernel by 1e-8 cubed and its slope by 1e-8
  static const std::map<std::string, double> tolerances{
      {"relu nngp", 1e-13}, {"relu ntk", 1e-7}, {"erf nngp", 1e-13}, {"erf ntk", 1e-13}};
  std::map<std::string, Comparison> all;
  for (const auto& network : table.at("networks")) {
    const std::string activation = network.at("activation");
    const DeepLaw law{activation_of(activation), network.at("weight_variance"), network.at("bias_variance")};
    const auto ours = tangent_kernel(law, network.at("depth"), inputs);
    for (const std::string kind : {"nngp", "ntk"}) {
      const std::string key = activation + " " + kind;
      auto& comparison = all[key];
      comparison.quantity =
          fmt::format("{} of {} networks of 1 to 8 layers", kind == "ntk" ? "NTK" : "NNGP", activation);
      comparison.source =
          fmt::format("neural-tangents {}", table.at("versions").at("neural-tangents").get<std::string>());
      comparison.tolerance = tolerances.at(key);
      add(comparison, kind == "ntk" ? ours.ntk : ours.nngp, matrix(network.at(kind)));
    }
  }
  std::vector<Comparison> list;
  for (auto& [key, comparison] : all) list.push_back(comparison);
  return list;
}

}  // namespace values
