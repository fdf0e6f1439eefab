package io.perennial.monitor.calendar;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A page of connections, soonest end first; {@code next} is absent on the last one. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ExpiryPage(List<ExpiringConnection> items, @Nullable String next) {}
