variable "trusted_account" {
  description = "the uin of the account whose keys assume the role: that of the function, or of LICENSEWATCH_INTL on the other site"
  type        = string

  validation {
    condition     = can(regex("^[1-9][0-9]{4,19}$", var.trusted_account))
    error_message = "trusted_account must be the account's number, digits alone (the console shows it as account ID)."
  }
}

variable "external_id" {
  description = "what the variable of external_id in the accounts file holds; null: none is asked for"
  type        = string
  default     = null
  sensitive   = true

  validation {
    condition     = var.external_id == null || can(regex("^[\\w+=,.@:/-]{2,128}$", var.external_id))
    error_message = "external_id must have 2 to 128 letters, digits and any of _+=,.@:/-."
  }
}

variable "role" {
  description = "the name of the role, as in the accounts file"
  type        = string
  default     = "licensewatch-reader"
}

variable "export" {
  description = "whether the license details of the account are exported: export: true in the accounts file"
  type        = bool
  default     = false
}

variable "tags" {
  description = "tags of everything that takes them"
  type        = map(string)
  default     = {}
}
