/** What a user touches: the client, requests, responses, errors, journeys. */
@NullMarked
package io.penstock;

import org.jspecify.annotations.NullMarked;
