#include <fieldbook/report/ranks.hpp>

#include <boost/mpi/collectives/all_gather.hpp>
#include <boost/mpi/communicator.hpp>
#include <boost/mpi/environment.hpp>
#include <boost/serialization/string.hpp>
#include <boost/serialization/vector.hpp>
#include <memory>

namespace fieldbook {

namespace {

std::unique_ptr<boost::mpi::environment> environment;

}  // namespace

Ranks::Ranks() {
  environment = std::make_unique<boost::mpi::environment>(boost::mpi::threading::funneled);
  const boost::mpi::communicator world;
  rank_ = world.rank();
  size_ = world.size();
}

Ranks::~Ranks() { environment.reset(); }

void Ranks::share(std::vector<std::string>& elements) const {
  const boost::mpi::communicator world;
  std::vector<std::string> mine;
  for (std::size_t i = static_cast<std::size_t>(rank_); i < elements.size();
       i += static_cast<std::size_t>(size_))
    mine.push_back(elements[i]);
  std::vector<std::vector<std::string>> all;
  boost::mpi::all_gather(world, mine, all);
  for (std::size_t i = 0; i < elements.size(); ++i)
    elements[i] = all[i % static_cast<std::size_t>(size_)][i / static_cast<std::size_t>(size_)];
}

void Ranks::abort(int status) const {
  boost::mpi::environment::abort(status);
  std::_Exit(status);
}

}  // namespace fieldbook
