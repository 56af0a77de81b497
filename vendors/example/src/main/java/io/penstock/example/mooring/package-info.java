/**
 * The vendor module of Mooring, an invented API for berths: Basic key, forms, keyed POSTs, a header that says whether to send
 * again, lists that begin after the last item, one field per error, signed webhooks.
 */
@NullMarked
package io.penstock.example.mooring;

import org.jspecify.annotations.NullMarked;
