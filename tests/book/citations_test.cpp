// The bibliography, what counts as a citation, and the page of papers

#include <boost/test/unit_test.hpp>

#include "citations.hpp"
#include "copy.hpp"
#include "papers.hpp"

using namespace book;

namespace {

const std::string kPapers = "book/bibliography.bib";
const std::string kHeader = "common/fieldbook/report/program.hpp";

std::vector<Paper> bibliography() {
  Problems none;
  auto papers = read_bibliography(std::filesystem::path(FIXTURE) / kPapers, none);
  BOOST_TEST_REQUIRE(none.empty());
  return papers;
}

/// The keys of what a text cites; "?" for what is in no bibliography.
std::string cited(const std::string& text) {
  static const auto papers = bibliography();
  std::string keys;
  for (const auto& citation : citations(text, papers))
    keys += citation.papers.empty() ? "?" : citation.papers.front()->key + " ";
  return keys;
}

}  // namespace

BOOST_AUTO_TEST_CASE(papers_are_read_from_the_bibliography) {
  const auto papers = bibliography();
  BOOST_TEST_REQUIRE(papers.size() == 3u);
  BOOST_TEST(papers[0].venue() == "2024");
  BOOST_TEST(papers[1].venue() == "Royal Society 1687");
  BOOST_TEST(papers[2].venue() == "Proc. R. Soc. A 100 (1921) 305");
  BOOST_TEST(papers[2].authors() == "A. Doodson, Á. Árbol and E. Tide");
  BOOST_TEST(papers[2].field("title") == "The Harmonic development of the tide-generating potential");
  BOOST_TEST(papers[1].bibtex.starts_with("@book{newton1687,\n  author"));
  BOOST_TEST(papers[1].bibtex.ends_with("\n}"));
}

BOOST_AUTO_TEST_CASE(citations_are_recognised) {
  BOOST_TEST(cited("see arXiv:2408.00082 and arXiv:\n// 2408.00083") == "halverson2024 ?");
  BOOST_TEST(cited("[the lectures](https://arxiv.org/abs/2408.00082)") == "halverson2024 ");
  BOOST_TEST(cited("Newton (1687) and (Doodson et al. 1921; Doodson, Árbol and\n/// Tide 1921)") ==
             "newton1687 doodson1921 doodson1921 ");
  BOOST_TEST(cited("(Árbol 1921), the book (Royal 1687)") == "doodson1921 newton1687 ");
  BOOST_TEST(cited("(Newton 1921) and (Ton 1687)") == "??");
  BOOST_TEST(cited("Proc. 100 (1921) 305, 100 (1921) 306") == "doodson1921 ?");
  BOOST_TEST(cited("the *mathematical\n// Principles of natural philosophy*") == "newton1687 ");
  BOOST_TEST(cited("@bibtex newton1687 @bibtex newton") == "newton1687 ?");
  BOOST_TEST(cited("In 1687 Newton saw samples(1921), 305 (1921) or not") == "");
}

BOOST_AUTO_TEST_CASE(a_comment_belongs_to_what_follows_it) {
  const std::vector<std::string> header{"namespace a {",
                                        "",
                                        "/// Of a function,",
                                        "/// two lines.",
                                        "template <class T>",
                                        "std::vector<T> f(int x);",
                                        "/// Of a class.",
                                        "class C : public B {",
                                        "  /// Of a member.",
                                        "  int g();",
                                        "};",
                                        "/// Of a number.",
                                        "inline constexpr double n = 1;",
                                        "/// Of nothing."};
  BOOST_TEST(documented_name(header, 3) == "a::f");
  BOOST_TEST(documented_name(header, 4) == "a::f");
  BOOST_TEST(documented_name(header, 7) == "a::C");
  BOOST_TEST(documented_name(header, 12) == "a::n");
  for (const int line : {1, 9, 14, 15}) BOOST_TEST(documented_name(header, line) == "", line);
}

BOOST_AUTO_TEST_CASE(the_page_of_papers_leads_to_pages_and_functions) {
  const Copy copy;
  BOOST_TEST(copy.weave() == "");
  const std::string page = copy.page("papers");
  BOOST_TEST(contains(page,
                      "<span class=\"paper\" id=\"paper-doodson1921\">A. Doodson, Á. Árbol and E. Tide, "
                      "<cite>The Harmonic development of the tide-generating potential</cite>, Proc. R. "
                      "Soc. A 100 (1921) 305.</span>"));
  BOOST_TEST(contains(page, "\\ref fieldbook::tide \"tide\""));
  BOOST_TEST(contains(page, "<a href=\"results.html\">Results of tides</a>"));
  BOOST_TEST(contains(page, "<a href=\"https://arxiv.org/abs/2408.00082\">arXiv:2408.00082</a>"));
  BOOST_TEST(page.find("paper-doodson1921") < page.find("paper-halverson2024"));
  BOOST_TEST(page.find("paper-halverson2024") < page.find("paper-newton1687"));
  BOOST_TEST(contains(copy.page("index"), "~~~\n@article{halverson2024,\n  author = {Halverson, Jim},"));
}

BOOST_AUTO_TEST_CASE(citations_and_bibliography_must_agree) {
  expect("chapters/tides/moon.cpp", "abs/2408.00082", "abs/2408.00083",
         "arxiv.org/abs/2408.00083 is not in bibliography.bib");
  expect(kHeader, "(Doodson, Árbol", "(Doodson 1922; Doodson, Árbol",
         "Doodson 1922 is not in bibliography.bib");
  expect("book/results.md", "Newton 1687", "Newton 1688", "Newton 1688 is not in bibliography.bib");
  const Copy copy;
  copy.replace("book/results.md", " (Newton 1687)", "");
  BOOST_TEST(copy.weave() == kPapers + ":8: nothing cites newton1687\n");
}

BOOST_AUTO_TEST_CASE(a_damaged_bibliography_is_reported) {
  expect("book/front_page.md", "@bibtex halverson2024", "@bibtex halverson",
         "bibliography.bib has no entry halverson");
  expect(kPapers, "year = {1687}", "jahr = {1687}", "the entry newton1687 has no year", 8);
  expect(kPapers, "volume = {100},", "volume = 100,", "not an entry or a field of BibTeX:   volume = 100,");
  expect(kPapers, "  year = {1921},\n}", "  year = {1921},", "the entry doodson1921 never ends", 15);
}

BOOST_AUTO_TEST_CASE(without_the_solutions_an_entry_may_have_lost_its_citation) {
  const Copy copy;
  copy.replace("book/results.md", " (Newton 1687)", "");
  Contents contents = kFixture;
  contents.solutions = false;
  BOOST_TEST(copy.weave(contents) == "");
  BOOST_TEST(!contains(copy.page("papers"), "newton1687"));
}
