package io.perennial.contracts;

/** The kinds of authorization Perennial keeps alive. */
public enum Provider {
    /** Selling Partner API, authorized by a seller in Seller Central. */
    AMAZON_SELLER,
    /** Selling Partner API, authorized by a vendor in Vendor Central. */
    AMAZON_VENDOR,
    /** Amazon Ads API, authorized by an advertiser. */
    AMAZON_ADS
}
