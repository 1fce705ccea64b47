// Functions of one value. Values are Prometheus 3's, to the last digit where it is libm that
// computes them to a few.
#include <doctest/doctest.h>

#include "tests/rules/expression_world.h"
#include "tests/rules/value_checks.h"

namespace fleet_edge::rules {

TEST_CASE("Functions of a value: negative, zero, NaN and infinite ones") {
  CheckEach(
      {-2.5, -0.5, 0, 0.5, 2.5, kNaN, kInf, -kInf},
      {{"abs(x)", {2.5, 0.5, 0, 0.5, 2.5, kNaN, kInf, kInf}},
       {"ceil(x)", {-2, -0, 0, 1, 3, kNaN, kInf, -kInf}},
       {"floor(x)", {-3, -1, 0, 0, 2, kNaN, kInf, -kInf}},
       {"sgn(x)", {-1, -1, 0, 1, 1, kNaN, 1, -1}},
       {"sqrt(x)", {kNaN, kNaN, 0, 0.7071067811865476, 1.5811388300841898, kNaN, kInf, kNaN}},
       {"exp(x)",
        {0.0820849986238988, 0.6065306597126334, 1, 1.6487212707001282, 12.182493960703473, kNaN,
         kInf, 0}},
       {"ln(x)", {kNaN, kNaN, -kInf, -0.6931471805599453, 0.9162907318741551, kNaN, kInf, kNaN}},
       {"log2(x)", {kNaN, kNaN, -kInf, -1, 1.3219280948873622, kNaN, kInf, kNaN}},
       {"log10(x)", {kNaN, kNaN, -kInf, -0.3010299956639812, 0.3979400086720376, kNaN, kInf, kNaN}},
       {"deg(x)",
        {-143.2394487827058, -28.64788975654116, 0, 28.64788975654116, 143.2394487827058, kNaN,
         kInf, -kInf}},
       {"rad(x)",
        {-0.04363323129985824, -0.008726646259971648, 0, 0.008726646259971648, 0.04363323129985824,
         kNaN, kInf, -kInf}}});
}

TEST_CASE("round: to the nearest multiple, ties upwards") {
  CheckEach({-2.5, -0.5, 0, 0.5, 2.5, kNaN, kInf, -kInf},
            {{"round(x)", {-2, 0, 0, 1, 3, kNaN, kInf, -kInf}},
             {"round(x, 0.2)", {-2.4, -0.4, 0, 0.6, 2.6, kNaN, kInf, -kInf}},
             {"round(x, 5)", {0, 0, 0, 0, 5, kNaN, kInf, -kInf}},
             {"round(x, 0)", {kNaN, kNaN, kNaN, kNaN, kNaN, kNaN, kNaN, kNaN}},
             {"round(x, -1)", {-3, -1, -0, -0, 2, kNaN, kInf, -kInf}},
             {"round(x, NaN)", {kNaN, kNaN, kNaN, kNaN, kNaN, kNaN, kNaN, kNaN}}});
}

TEST_CASE(
    "clamp: holds values between bounds, and yields nothing between bounds the wrong way round") {
  CheckEach({-2.5, -0.5, 0, 0.5, 2.5, kNaN, kInf, -kInf},
            {{"clamp(x, -1, 1)", {-1, -0.5, 0, 0.5, 1, kNaN, 1, -1}},
             {"clamp(x, NaN, 1)", {kNaN, kNaN, kNaN, kNaN, kNaN, kNaN, kNaN, kNaN}},
             {"clamp(x, -Inf, Inf)", {-2.5, -0.5, 0, 0.5, 2.5, kNaN, kInf, -kInf}},
             {"clamp(x, -Inf, -Inf)", {-kInf, -kInf, -kInf, -kInf, -kInf, -kInf, -kInf, -kInf}},
             {"clamp(x, Inf, Inf)", {kInf, kInf, kInf, kInf, kInf, kInf, kInf, kInf}},
             {"clamp_min(x, 0)", {0, 0, 0, 0.5, 2.5, kNaN, kInf, 0}},
             {"clamp_max(x, 0)", {-2.5, -0.5, 0, 0, 0, kNaN, 0, -kInf}},
             {"clamp_min(x, NaN)", {kNaN, kNaN, kNaN, kNaN, kNaN, kNaN, kInf, kNaN}},
             {"clamp_max(x, NaN)", {kNaN, kNaN, kNaN, kNaN, kNaN, kNaN, kNaN, -kInf}},
             {"clamp_min(x, Inf)", {kInf, kInf, kInf, kInf, kInf, kInf, kInf, kInf}},
             {"clamp_max(x, -Inf)", {-kInf, -kInf, -kInf, -kInf, -kInf, -kInf, -kInf, -kInf}}});
  ExpressionWorld world;
  world.Series("x", {}, {0});
  CHECK(world.Evaluate("clamp(x, 1, -1)", 1).empty());
}

TEST_CASE("Trigonometry and exponentials") {
  CheckEach(
      {-0.5, 0.75, 2, 1000, -800, kNaN, kInf, -kInf},
      {{"sin(x)",
        {-0.479425538604203, 0.6816387600233342, 0.9092974268256816, 0.8268795405320026,
         -0.8939696481970215, kNaN, kNaN, kNaN}},
       {"cos(x)",
        {0.8775825618903728, 0.7316888688738209, -0.4161468365471424, 0.5623790762907029,
         -0.44812751321749233, kNaN, kNaN, kNaN}},
       {"tan(x)",
        {-0.5463024898437905, 0.9315964599440725, -2.185039863261519, 1.4703241557027187,
         1.9949001608458392, kNaN, kNaN, kNaN}},
       {"asin(x)", {-0.5235987755982989, 0.848062078981481, kNaN, kNaN, kNaN, kNaN, kNaN, kNaN}},
       {"acos(x)", {2.0943951023931957, 0.7227342478134156, kNaN, kNaN, kNaN, kNaN, kNaN, kNaN}},
       {"atan(x)",
        {-0.4636476090008061, 0.6435011087932844, 1.1071487177940904, 1.5697963271282296,
         -1.5695463274459376, kNaN, 1.5707963267948966, -1.5707963267948966}},
       {"sinh(x)",
        {-0.5210953054937474, 0.82231673193583, 3.626860407847019, kInf, -kInf, kNaN, kInf, -kInf}},
       {"cosh(x)",
        {1.1276259652063807, 1.2946832846768448, 3.7621956910836314, kInf, kInf, kNaN, kInf, kInf}},
       {"tanh(x)",
        {-0.46211715726000974, 0.6351489523872873, 0.9640275800758169, 1, -1, kNaN, 1, -1}},
       {"asinh(x)",
        {-0.48121182505960347, 0.6931471805599453, 1.4436354751788103, 7.600902709541988,
         -7.377759298852644, kNaN, kInf, -kInf}},
       {"acosh(x)", {kNaN, kNaN, 1.3169578969248166, 7.600902209541989, kNaN, kNaN, kInf, kNaN}},
       {"atanh(x)", {-0.5493061443340548, 0.9729550745276566, kNaN, kNaN, kNaN, kNaN, kNaN, kNaN}},
       {"exp(x)",
        {0.6065306597126334, 2.117000016612675, 7.38905609893065, kInf, 0, kNaN, kInf, 0}},
       {"ln(x)",
        {kNaN, -0.2876820724517809, 0.6931471805599453, 6.907755278982137, kNaN, kNaN, kInf, kNaN}},
       {"log2(x)", {kNaN, -0.41503749927884376, 1, 9.965784284662087, kNaN, kNaN, kInf, kNaN}},
       {"log10(x)", {kNaN, -0.12493873660829993, 0.3010299956639812, 3, kNaN, kNaN, kInf, kNaN}}});
}

TEST_CASE("acos: near 1 it has the digits that Prometheus has") {
  ExpressionWorld world;
  world.Sample("x", {{"y", "1"}}, 100, 0.9999994576965133);
  CHECK(world.Evaluate("acos(x)", 100) == Texts{"{y=\"1\"} 0.001041444703943073"});
}

}  // namespace fleet_edge::rules
