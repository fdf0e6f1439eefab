package io.perennial.auth.imports;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with a line.
 *
 * @param message what the field must be; never what it holds
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ImportFault(long line, @Nullable String tenantId, @Nullable String externalId, String field, String message) {}
