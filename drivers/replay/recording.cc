#include "drivers/replay/recording.h"

#include <spdlog/spdlog.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <ios>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/counters.h"
#include "core/quality.h"
#include "core/reading.h"
#include "core/result.h"
#include "core/series.h"
#include "core/time.h"
#include "drivers/can/asc.h"
#include "drivers/can/can_frame.h"
#include "drivers/can/can_reader.h"
#include "drivers/can/can_signal.h"
#include "drivers/can/can_time.h"
#include "drivers/can/candump.h"
#include "drivers/gnss/genivi.h"
#include "drivers/gnss/gnss_report.h"
#include "drivers/gnss/nmea.h"
#include "drivers/io/gzip_stream.h"
#include "drivers/io/line_reader.h"
#include "drivers/rejections.h"
#include "drivers/replay/csv.h"
#include "drivers/replay/recording_options.h"
#include "drivers/signal_target.h"

namespace fleet_edge::drivers {
namespace {

/// What all formats have in common: lines, comments, counting.
class LineRecording : public Recording {
 public:
  LineRecording(LineReader lines, const RecordingContext& context)
      : lines_(std::move(lines)),
        name_(context.name),
        rejections_(context.counters, context.name),
        accepted_(rejections_.Accepted()) {}

  bool Next(std::vector<Reading>& out) override {
    const std::size_t before = out.size();
    const auto line = lines_.Next();
    if (!line) {
      NoteFailure();
      AtEnd(out);
    } else if (line->too_long) {
      Refuse(reason::kTooLarge);
    } else if (!line->text.starts_with('#')) {  // a comment
      Read(line->text, out);
    }
    accepted_.Add(out.size() - before);
    return line.has_value() || out.size() > before;
  }

 protected:
  virtual void Read(std::string_view line, std::vector<Reading>& out) = 0;

  /// What is left when the lines have ended; nothing when called again.
  virtual void AtEnd(std::vector<Reading>& /*out*/) {}

  /// Looks the counter up: reasons are few, and refused lines rare.
  void Refuse(std::string_view reason, std::string_view signal = {}) {
    if (reason != last_reason_ || signal != last_signal_ || last_counter_ == nullptr) {
      last_reason_ = reason;
      last_signal_ = signal;
      last_counter_ = &rejections_.Get(reason, signal);
    }
    last_counter_->Add();
  }

 private:
  void NoteFailure() {
    if (!lines_.failed() || std::exchange(failed_, true)) return;
    spdlog::error("driver {}: the recording is damaged or cut off here; its rest is not played",
                  name_);
    Refuse(reason::kMalformed);
  }

  LineReader lines_;
  const std::string name_;
  const Rejections rejections_;
  Counter& accepted_;
  bool failed_ = false;  // told and counted
  std::string last_reason_;
  std::string last_signal_;
  Counter* last_counter_ = nullptr;
};

class CsvRecording : public LineRecording {
 public:
  CsvRecording(LineReader lines, CsvDecoder decoder, const RecordingContext& context)
      : LineRecording(std::move(lines), context),
        decoder_(std::move(decoder)),
        driver_(context.driver) {
    for (const SignalTarget& target : decoder_.targets()) {
      series_.push_back(context.series.Find(target.signal, target.labels));
    }
  }

 protected:
  void Read(std::string_view line, std::vector<Reading>& out) override {
    if (const auto refused = decoder_.Decode(line, row_)) return Refuse(*refused);
    for (const std::size_t target : row_.wrong)
      Refuse(reason::kWrongType, decoder_.targets()[target].signal);
    for (const CsvDecoder::Value& value : row_.values) {
      const Series* const series = series_[value.target];
      if (series == nullptr) {
        Refuse(reason::kSeriesLimit, decoder_.targets()[value.target].signal);
      } else {
        out.push_back({series, row_.time, value.value, Quality::kGood, driver_});
      }
    }
  }

 private:
  CsvDecoder decoder_;
  CsvDecoder::Row row_;
  std::vector<const Series*> series_;  // by target; null where the registry was full
  std::uint16_t driver_;
};

class NmeaRecording : public LineRecording {
 public:
  NmeaRecording(LineReader lines, const RecordingContext& context)
      : LineRecording(std::move(lines), context), series_(context.series, context.driver) {}

 protected:
  void Read(std::string_view line, std::vector<Reading>& out) override {
    std::optional<GnssReport> done;
    if (const auto refused = decoder_.Decode(line, done)) Refuse(*refused);
    Take(done, out);
  }

  void AtEnd(std::vector<Reading>& out) override { Take(decoder_.Finish(), out); }

 private:
  void Take(const std::optional<GnssReport>& report, std::vector<Reading>& out) {
    if (!report) return;
    if (!report->time && report->latitude_deg) return Refuse(reason::kBadTime);
    series_.Append(*report, out);
  }

  NmeaDecoder decoder_;
  const GnssSeries series_;
};

class GeniviRecording : public LineRecording {
 public:
  GeniviRecording(LineReader lines, const RecordingContext& context)
      : LineRecording(std::move(lines), context),
        gnss_(context.series, context.driver),
        accelerations_{context.series.Find("accel_longitudinal_mps2", {}),
                       context.series.Find("accel_lateral_mps2", {}),
                       context.series.Find("accel_vertical_mps2", {})},
        driver_(context.driver) {}

 protected:
  void Read(std::string_view line, std::vector<Reading>& out) override {
    if (const auto refused = decoder_.Decode(line, sample_)) return Refuse(*refused);
    if (!sample_.gnss.time) return;
    gnss_.Append(sample_.gnss, out);
    const GeniviDecoder::Acceleration& acceleration = sample_.acceleration;
    const std::array values{acceleration.longitudinal_mps2, acceleration.lateral_mps2,
                            acceleration.vertical_mps2};
    for (std::size_t i = 0; i < values.size(); ++i) {
      const std::optional<double>& value = values.at(i);
      if (!value || accelerations_.at(i) == nullptr) continue;
      out.push_back({accelerations_.at(i), *sample_.gnss.time, *value, Quality::kGood, driver_});
    }
  }

 private:
  GeniviDecoder decoder_;
  GeniviDecoder::Sample sample_;
  const GnssSeries gnss_;
  const std::array<const Series*, 3> accelerations_;
  const std::uint16_t driver_;
};

/// A bus's frames, of which a subclass reads the lines.
class CanRecording : public LineRecording {
 public:
  CanRecording(LineReader lines, const CanDecoding& decoding, const RecordingContext& context)
      : LineRecording(std::move(lines), context),
        reader_(decoding, context.series, context.driver) {}

 protected:
  void Take(const CanFrame& frame, UtcTime time, std::vector<Reading>& out) {
    refused_.clear();
    reader_.Read(frame, CanTime::Recorded(time), out, refused_);
    for (const CanRefusal& refusal : refused_) Refuse(refusal.reason, refusal.signal);
  }

 private:
  CanReader reader_;
  std::vector<CanRefusal> refused_;
};

class CandumpRecording : public CanRecording {
 public:
  using CanRecording::CanRecording;

 protected:
  void Read(std::string_view line, std::vector<Reading>& out) override {
    UtcTime time;
    CanFrame frame;
    if (const auto refused = ReadCandump(line, time, frame)) return Refuse(*refused);
    Take(frame, time, out);
  }
};

class AscRecording : public CanRecording {
 public:
  AscRecording(LineReader lines, const RecordingOptions& options, const RecordingContext& context)
      : CanRecording(std::move(lines), options.decoding, context),
        decoder_(ParseUtcTime(options.start)) {}

 protected:
  void Read(std::string_view line, std::vector<Reading>& out) override {
    const AscLine read = decoder_.Decode(line);
    if (!read.refused.empty()) return Refuse(read.refused);
    if (read.frame) Take(*read.frame, read.time, out);
  }

 private:
  AscDecoder decoder_;
};

/// The first line that is no comment, or nothing.
std::optional<std::string> FirstLine(LineReader& lines) {
  while (const auto line = lines.Next()) {
    if (!line->text.starts_with('#')) return std::string(line->text);
  }
  return std::nullopt;
}

std::string_view FormatOf(std::string_view first_line) {
  if (first_line.find("$GV") != std::string_view::npos) return "genivi";
  if (LooksLikeCandump(first_line)) return "candump";
  if (LooksLikeAsc(first_line)) return "asc";
  return first_line.starts_with('$') ? "nmea" : "csv";
}

Result<LineReader> OpenLines(const std::string& path) {
  errno = 0;
  auto file = std::make_unique<std::ifstream>(path, std::ios::binary);
  if (!*file || file->peek() == std::char_traits<char>::eof()) {
    const std::string why = errno != 0 ? std::strerror(errno) : "it is empty";
    return Error{Error::Code::kFatal, "can't read the recording " + path + ": " + why};
  }
  if (LooksLikeGzip(*file)) return LineReader(OpenGzip(std::move(file)));
  return LineReader(std::move(file));
}

}  // namespace

Result<std::unique_ptr<Recording>> OpenRecording(const std::string& path,
                                                 const RecordingOptions& options,
                                                 const RecordingContext& context) {
  auto first = OpenLines(path);
  if (!first) return first.error();
  const auto line = FirstLine(*first);
  if (!line && first->failed()) {
    return Error{Error::Code::kFatal,
                 "can't read the recording " + path + ": it is a gzip file, damaged or cut off"};
  }
  if (!line)
    return Error{Error::Code::kFatal, "the recording " + path + " holds nothing but comments"};
  const std::string_view format =
      options.format.empty() ? FormatOf(*line) : std::string_view(options.format);
  if (format == "csv") {
    auto decoder = CsvDecoder::Make(*line, options);
    if (!decoder) return Error{Error::Code::kFatal, path + ":1: " + decoder.error().message};
    return std::unique_ptr<Recording>(
        std::make_unique<CsvRecording>(std::move(*first), std::move(*decoder), context));
  }
  auto lines = OpenLines(path);
  if (!lines) return lines.error();
  if (format == "nmea") {
    return std::unique_ptr<Recording>(std::make_unique<NmeaRecording>(std::move(*lines), context));
  }
  if (format == "candump") {
    return std::unique_ptr<Recording>(
        std::make_unique<CandumpRecording>(std::move(*lines), options.decoding, context));
  }
  if (format == "asc") {
    return std::unique_ptr<Recording>(
        std::make_unique<AscRecording>(std::move(*lines), options, context));
  }
  return std::unique_ptr<Recording>(std::make_unique<GeniviRecording>(std::move(*lines), context));
}

}  // namespace fleet_edge::drivers
