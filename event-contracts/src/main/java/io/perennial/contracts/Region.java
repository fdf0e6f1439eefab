package io.perennial.contracts;

/** Amazon's regions: one consent covers every marketplace of one region. */
public enum Region {
    /** North America and Brazil. */
    NA,
    /** Europe, the Middle East, Africa and India. */
    EU,
    /** Far East: Japan, Australia, Singapore. */
    FE
}
