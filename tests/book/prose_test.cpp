// Formulas, prose, code and directives, one by one

#include <boost/test/unit_test.hpp>

#include <sstream>

#include "literate.hpp"
#include "markdown.hpp"
#include "scan.hpp"

using namespace book;

namespace {

struct Fixture {
  Problems problems;
  Page page{
      {{"value", {false, true, [](const auto& id, const auto&) { return "[" + id + "]"; }}},
       {"figure", {true, true, [](const auto& id, const auto&) { return "<figure>" + id + "</figure>"; }}},
       {"claims", {true, false, [](const auto&, const auto&) { return "<table/>"; }}}},
      [](const auto& target, const auto&) { return target + ".html"; },
      problems};

  std::string prose(const std::vector<std::string>& lines) { return page.prose(lines, {"p.cpp", 10}); }
  std::string line(const std::string& text) {
    const std::string out = prose({text});
    return out.substr(0, out.size() - 1);
  }
  std::string complaints() const {
    std::ostringstream text;
    text << problems;
    return text.str();
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(prose, Fixture)

BOOST_AUTO_TEST_CASE(formulas_become_doxygens) {
  BOOST_TEST(line("a $x_1*y_2$ b") == R"(a \f$x_1*y_2\f$ b)");
  BOOST_TEST(line("$$ a < b $$") == R"(\f[ a < b \f])");
  BOOST_TEST(line(R"(cost \$5 and $a\$b$)") == R"(cost $5 and \f$a\$b\f$)");
  BOOST_TEST(prose({"over $a", "+ b$ lines"}) == "over \\f$a\n+ b\\f$ lines\n");
  BOOST_TEST(problems.empty());
}

BOOST_AUTO_TEST_CASE(code_stays_as_it_is) {
  BOOST_TEST(line("`$x$ @value \\foo <b>` and ``a`b``") == "`$x$ @value \\foo <b>` and ``a`b``");
  BOOST_TEST(prose({"```sh", "$ @foo \\bar", "# no heading", "```"}) ==
             "```sh\n$ @foo \\bar\n# no heading\n```\n");
  BOOST_TEST(problems.empty());
}

BOOST_AUTO_TEST_CASE(what_doxygen_would_take_for_its_own_is_escaped) {
  BOOST_TEST(line("a < b, <tag>, %word, #1, 5 %, x::y, me@home") ==
             R"(a \< b, \<tag>, \%word, \#1, 5 %, x\::y, me\@home)");
  BOOST_TEST(line("<https://arxiv.org>") == "<https://arxiv.org>");
}

BOOST_AUTO_TEST_CASE(directives_show_what_they_name) {
  BOOST_TEST(line("is @value some-claim, and (@value other).") == "is [some-claim], and ([other]).");
  BOOST_TEST(line("is @value mean-at--0.8.") == "is [mean-at--0.8].");
  BOOST_TEST(prose({"@figure density"}).find("<figure>density</figure>") != std::string::npos);
  BOOST_TEST(prose({"@claims"}).find("<table/>") != std::string::npos);
  BOOST_TEST(problems.empty());
}

BOOST_AUTO_TEST_CASE(underscores_in_words_are_no_emphasis) {
  const auto cell = [](const std::string& words) { return to_html(words); };
  BOOST_TEST(cell("an _own_ word") == "an <em>own</em> word");
  BOOST_TEST(cell("sum_{t >= 1} m_l^2") == "sum_{t &gt;= 1} m_l^2");
  BOOST_TEST(cell("_snake_case_ is") == "<em>snake_case</em> is");
}

BOOST_AUTO_TEST_CASE(headings_and_tables_become_html) {
  BOOST_TEST(
      prose({"## The *limit* $N_1$"}).find("<h2 id=\"the-limit-n-1\">The <em>limit</em> \\(N_1\\)</h2>") !=
      std::string::npos);
  const std::string table = prose({"| $|a|$ | `x|y` |", "| --- | --: |", "| **b** | [c](d) |"});
  BOOST_TEST(
      table.find(R"(<th scope="col">\(|a|\)</th><th scope="col" class="right"><code>x|y</code></th>)") !=
      std::string::npos);
  BOOST_TEST(table.find(R"(<td><strong>b</strong></td><td class="right"><a href="d.html">c</a></td>)") !=
             std::string::npos);
  BOOST_TEST(page.headings().front().plain == "The limit N_1");
}

BOOST_AUTO_TEST_CASE(equal_headings_have_different_anchors) {
  prose({"## Theory", "", "## Theory"});
  BOOST_TEST(page.headings()[1].anchor == "theory-2");
}

BOOST_AUTO_TEST_CASE(mistakes_are_reported_with_their_line) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> mistakes{
      {{"fine", "an $open formula"}, "p.cpp:11: a formula opens here with $ and"},
      {{"", "", "$$ open", "", "closed $$"}, "p.cpp:12: a formula opens here with $$ and"},
      {{"empty $ $"}, "p.cpp:10: an empty formula"},
      {{"ok", "@figur density"}, "p.cpp:11: unknown directive @figur (here: @claims @figure @value)"},
      {{"see @figure density"}, "p.cpp:10: @figure stands alone on its line"},
      {{"@figure"}, "p.cpp:10: @figure needs a name"},
      {{"@claims now"}, "p.cpp:10: @claims stands alone on its line, without \"now\""},
      {{"@value"}, "p.cpp:10: @value needs a name"},
      {{"two", "lines with \\alpha"}, "p.cpp:11: \\alpha outside a formula"},
      {{"![x](y.png)"}, "p.cpp:10: pictures come from @figure"},
      {{"```", "never closed"}, "p.cpp:10: a code block opens here"},
      {{"| a |", "| b |"}, "p.cpp:10: a table needs a second line"},
      {{"| a |", "| - |", "| b | c |"}, "p.cpp:12: 2 cells in a table of 1 columns"},
  };
  for (const auto& [lines, message] : mistakes) {
    Fixture fresh;
    fresh.prose(lines);
    BOOST_TEST_INFO(message);
    BOOST_TEST(fresh.complaints().find(message) == 0U, fresh.complaints());
  }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_CASE(titles_in_plain_words) {
  BOOST_TEST(plain_text(R"(The *limit* $N\to\infty$ of `run` and $\frac{a}{b}$, $\sigma_w^2$)") ==
             "The limit N→∞ of run and a/b, σ_w^2");
}

BOOST_AUTO_TEST_CASE(a_program_is_prose_and_code) {
  const auto blocks = split_program(
      "// # Title\n//\n//text\n#pragma once\n\n// more\n\nint f() {\n  // inside\n}\n\n\n// end\n");
  BOOST_REQUIRE(blocks.size() == 4U);
  BOOST_TEST(blocks[0].prose);
  BOOST_TEST(blocks[0].lines == (std::vector<std::string>{"# Title", "", "text"}),
             boost::test_tools::per_element());
  BOOST_TEST(blocks[1].line == 6);
  BOOST_TEST(!blocks[2].prose);
  BOOST_TEST(blocks[2].line == 8);
  BOOST_TEST(blocks[2].lines == (std::vector<std::string>{"int f() {", "  // inside", "}"}),
             boost::test_tools::per_element());
  BOOST_TEST(blocks[3].line == 13);
}

BOOST_AUTO_TEST_CASE(comments_for_doxygen_are_code) {
  const auto blocks = split_program("// prose\n/// Twice x.\nint f(int x);\n");
  BOOST_REQUIRE(blocks.size() == 2U);
  BOOST_TEST(blocks[1].lines == (std::vector<std::string>{"/// Twice x.", "int f(int x);"}),
             boost::test_tools::per_element());
}
