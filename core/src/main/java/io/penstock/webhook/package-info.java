/** Webhooks: verification, decoding and duplicate detection of an API's deliveries. */
@NullMarked
package io.penstock.webhook;

import org.jspecify.annotations.NullMarked;
