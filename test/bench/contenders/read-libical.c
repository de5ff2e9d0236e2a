/*
 * Every occurrence of a file inside the window with libical in C: parse, foreach recurrence, overrides by hand.
 * Prints the same line of JSON as the other contenders.
 */
#include <libical/ical.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

static long long occurrences = 0;
static double sum_of_starts = 0;
static time_t window_start, window_end;

typedef struct { const char *uid; time_t key; } override_key;
static override_key *overrides = NULL;
static size_t override_count = 0, override_room = 0;

static int by_uid_and_key(const void *a, const void *b) {
  const override_key *left = a, *right = b;
  int order = strcmp(left->uid, right->uid);
  if (order != 0) return order;
  return left->key < right->key ? -1 : left->key > right->key;
}

static void count(time_t start, time_t end) {
  if (end > window_start && start < window_end) {
    occurrences++;
    sum_of_starts += (double)start;
  }
}

static void each(icalcomponent *event, struct icaltime_span *span, void *data) {
  (void)data;
  override_key wanted = {icalcomponent_get_uid(event), span->start};
  if (override_count > 0 && bsearch(&wanted, overrides, override_count, sizeof wanted, by_uid_and_key)) return;
  count(span->start, span->end);
}

static time_t instant(icaltimetype value) {
  return icaltime_as_timet_with_zone(value, icaltime_is_utc(value) ? icaltimezone_get_utc_timezone() : value.zone);
}

int main(int argc, char **argv) {
  if (argc < 4) return 2;
  window_start = (time_t)atoll(argv[2]);
  window_end = (time_t)atoll(argv[3]);
  struct timespec begin, done;
  clock_gettime(CLOCK_MONOTONIC, &begin);

  FILE *file = fopen(argv[1], "rb");
  if (!file) return 3;
  fseek(file, 0, SEEK_END);
  long size = ftell(file);
  rewind(file);
  char *text = malloc((size_t)size + 1);
  if (!text || fread(text, 1, (size_t)size, file) != (size_t)size) return 3;
  text[size] = 0;
  fclose(file);
  icalcomponent *calendar = icalparser_parse_string(text);
  free(text);
  if (!calendar) return 3;

  for (icalcomponent *event = icalcomponent_get_first_component(calendar, ICAL_VEVENT_COMPONENT); event;
       event = icalcomponent_get_next_component(calendar, ICAL_VEVENT_COMPONENT)) {
    icalproperty *id = icalcomponent_get_first_property(event, ICAL_RECURRENCEID_PROPERTY);
    if (!id) continue;
    icaltimetype original = icalcomponent_get_recurrenceid(event);
    /* icalcomponent_get_recurrenceid gives no zone: the one of DTSTART is the one it was written in */
    if (!icaltime_is_utc(original)) original.zone = icalcomponent_get_dtstart(event).zone;
    if (override_count == override_room) {
      override_room = override_room ? override_room * 2 : 1024;
      overrides = realloc(overrides, override_room * sizeof *overrides);
      if (!overrides) return 3;
    }
    overrides[override_count++] = (override_key){icalcomponent_get_uid(event), instant(original)};
  }
  qsort(overrides, override_count, sizeof *overrides, by_uid_and_key);

  icaltimetype from = icaltime_from_timet_with_zone(window_start - 86400, 0, icaltimezone_get_utc_timezone());
  icaltimetype to = icaltime_from_timet_with_zone(window_end + 86400, 0, icaltimezone_get_utc_timezone());
  for (icalcomponent *event = icalcomponent_get_first_component(calendar, ICAL_VEVENT_COMPONENT); event;
       event = icalcomponent_get_next_component(calendar, ICAL_VEVENT_COMPONENT)) {
    if (icalcomponent_get_first_property(event, ICAL_RECURRENCEID_PROPERTY))
      count(instant(icalcomponent_get_dtstart(event)), instant(icalcomponent_get_dtend(event)));
    else
      icalcomponent_foreach_recurrence(event, from, to, each, NULL);
  }

  clock_gettime(CLOCK_MONOTONIC, &done);
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  double ms = (double)(done.tv_sec - begin.tv_sec) * 1e3 + (double)(done.tv_nsec - begin.tv_nsec) / 1e6;
  printf("{\"ms\": %.3f, \"peakMiB\": %.1f, \"digest\": {\"occurrences\": %lld, \"sumOfStarts\": %.0f}}\n", ms,
         (double)usage.ru_maxrss / 1024, occurrences, sum_of_starts);
  return 0;
}
