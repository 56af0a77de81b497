package io.penstock.test;

import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(OverHttpClient.class)
class QueryCredentialOverHttpClientTest extends QueryCredentialOverSocketsTest {}
