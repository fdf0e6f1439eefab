/** What concerns everybody: the provider is not asked at present, or a client secret ends soon. */
@NullMarked
package io.perennial.console.platform;

import org.jspecify.annotations.NullMarked;
