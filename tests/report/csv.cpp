#define BOOST_TEST_DYN_LINK
#include <fieldbook/report/csv.hpp>

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>

using fieldbook::read_csv;

namespace {

std::string file_with(const std::string& text) {
  const auto path = std::filesystem::temp_directory_path() / "fieldbook-csv-test.csv";
  std::ofstream{path} << text;
  return path.string();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(csv)

BOOST_AUTO_TEST_CASE(numbers_with_and_without_a_header) {
  const Eigen::MatrixXd expected{{1, 2.5}, {-3e-2, 4}};
  BOOST_TEST((read_csv(file_with("# made by hand\nx,y\n1,2.5\n\n-3e-2,4\n")) == expected));
  BOOST_TEST((read_csv(file_with("\xEF\xBB\xBF"
                                 "1,2.5\n-3e-2,4\n")) == expected));
  BOOST_TEST((read_csv(file_with("\xEF\xBB\xBF"
                                 "x,y\n1,2.5\n-3e-2,4\n")) == expected));
  BOOST_TEST((read_csv(file_with("1; 2.5\r\n-3e-2; 4\r\n")) == expected));
}

BOOST_AUTO_TEST_CASE(what_is_wrong_is_named) {
  for (const auto& [text, words] : {std::pair{"1,2\n3,four\n", "line 2: 'four'"},
                                    {"1,2\n3\n", "line 2: 1 numbers instead of 2"},
                                    {"x,y\n1,2\nnan,3\n", "line 3: 'nan' is not finite"},
                                    {"1,-inf\n", "line 1: '-inf' is not finite"},
                                    {"x,y\n", "no numbers"},
                                    {"1,2,x\n3,4,5\n", "line 1: 'x'"},
                                    {"# made by hand\n1,2,n/a\n3,4,5\n", "line 2: 'n/a'"},
                                    {"1,2,\n3,4,\n", "line 1: ''"},
                                    {"x,y\nu,v\n", "line 2: 'u'"}})
    BOOST_CHECK_EXCEPTION(read_csv(file_with(text)), std::invalid_argument, [&](const auto& error) {
      return std::string{error.what()}.find(words) != std::string::npos;
    });
  BOOST_CHECK_THROW(read_csv("/nowhere/at/all.csv"), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
