/** What can be chosen in a file dialog; what it is, its content tells. */
export const FILE_TYPES = ["application/json", ".json", ".pipeline"];
