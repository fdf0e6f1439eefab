package io.perennial.merchants;

/**
 * A connection whose merchant has an account of his own, and the link that was mailed to him.
 *
 * @param id of the connection
 */
public record Shop(String id, Seller seller, String link) {

    /** The same after a later mail. */
    public Shop with(String newLink) {
        return new Shop(id, seller, newLink);
    }
}
