#include "simulators/interfaces/sysfs_tree.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "tests/support/temp_folder.h"

namespace fleet_edge::simulators {
namespace {

std::string Text(const std::filesystem::path& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

TEST_CASE("Sysfs tree: a 1-Wire probe's file is the one of the kernel's documentation") {
  const TempFolder folder;
  const SysfsTree tree(folder.path());
  CHECK(tree.WriteW1("28-0000075a5b2c", 23.12) == 23.125);
  const std::filesystem::path device = folder.path() / "bus/w1/devices/28-0000075a5b2c";
  CHECK(Text(device / "w1_slave") ==
        "72 01 4b 46 7f ff 0e 10 57 : crc=57 YES\n72 01 4b 46 7f ff 0e 10 57 t=23125\n");
  CHECK(Text(device / "temperature") == "23125\n");
}

TEST_CASE("Sysfs tree: below zero a probe counts as its data sheet says, the kernel towards zero") {
  const TempFolder folder;
  const SysfsTree tree(folder.path());
  CHECK(tree.WriteW1("28-1", -25.0625) == -25.062);  // FE6F
  const std::string text = Text(folder.path() / "bus/w1/devices/28-1/w1_slave");
  CHECK(text.starts_with("6f fe 4b 46"));
  CHECK(text.ends_with("t=-25062\n"));
}

TEST_CASE("Sysfs tree: hwmon, IIO and thermal zones stand under their names") {
  const TempFolder folder;
  const SysfsTree tree(folder.path());
  CHECK(tree.WriteHwmon(0, "tmp102", "front", 4.51) == 4.5);
  CHECK(Text(folder.path() / "class/hwmon/hwmon0/name") == "tmp102\n");
  CHECK(Text(folder.path() / "class/hwmon/hwmon0/temp1_label") == "front\n");
  CHECK(Text(folder.path() / "class/hwmon/hwmon0/temp1_input") == "4500\n");

  CHECK(tree.WriteIio(1, "si7020", -7.3) == doctest::Approx(-7.3).epsilon(0.001));
  CHECK(Text(folder.path() / "bus/iio/devices/iio:device1/in_temp_raw") == "3687\n");

  CHECK(tree.WriteThermal(2, "cooler", -20.0004) == -20);
  CHECK(Text(folder.path() / "class/thermal/thermal_zone2/temp") == "-20000\n");
}

}  // namespace fleet_edge::simulators
