#include <fieldbook/report/program.hpp>
using namespace fieldbook;
int main(int argc, char** argv) {
  Program program{"statistics/central_limit", "3.1", "T"};
  const int& width = program.option("width", 16, at_least(1), "neurons in the hidden layer");
  const auto& widths = program.list("widths", std::vector{1,4}, between(1,100), "neurons");
  program.figure("density", "cap");
  program.claims([&](Claims& claims) { claims.statistical("a-b", "NG-1", "the $x$").independent(); claims.exact("c","NG-1","x",absolute(1)); });
  return program.run(argc, argv, [&](Report& report) {
    report.compare("a-b", width, {15.5, .3}); report.compare("c", 1, widths.size());
    Panel p{"title κ_4"}; p.x_axis({"N",true}).y_axis({"κ_4"}).line(0,"theory",{1,2,3},{1,2,3}).points(0,"exp",{1,2,3},{1,2.2,2.7},{.1,.1,.1});
    p.band(1,"band",{1,2,3},{1,1.1,1.2},{1.3,1.4,1.5}).histogram(2,"hist",{1,2,3},{1,2,1}).guide("g",{1,3},{3,1});
    Panel q{"heat"}; q.heat_map("v",{1,2,3},{1,2},Eigen::MatrixXd::Random(2,3)).x_axis({"x"}).y_axis({"y"});
    report.draw("density", {{p,q},2});
  });
}
