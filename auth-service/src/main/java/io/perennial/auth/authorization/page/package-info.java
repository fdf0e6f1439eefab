/**
 * What merchants' browsers see and send: pages, their texts and headers, the cookie that tells one browser from another.
 */
@NullMarked
package io.perennial.auth.authorization.page;

import org.jspecify.annotations.NullMarked;
