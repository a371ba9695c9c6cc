variable "name" {
  description = "what the function, its role, its policies and its buckets are named after"
  type        = string
  default     = "licensewatch"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,38}[a-z0-9]$", var.name))
    error_message = "name must be 2 to 40 small letters, digits and hyphens, a letter first and no hyphen last: a bucket is named after it."
  }
}

variable "namespace" {
  description = "the namespace of the function"
  type        = string
  default     = "default"
}

variable "region" {
  description = "where the function and its buckets are, for example ap-guangzhou: that of the provider"
  type        = string
}

variable "package" {
  description = "the zip of the function, with the first 12 digits of its SHA-256 in its name, for example dist/licensewatch-3f9a1c0b77e2.zip: make package-hashed"
  type        = string
}

variable "environment" {
  description = "the settings of the function, for example its webhooks: LICENSEWATCH_SLACK_WEBHOOK_URL = \"…\". Where the memory, the archive and the accounts file lie is set here already."
  type        = map(string)
  default     = {}
  sensitive   = true

  validation {
    condition     = alltrue([for value in values(var.environment) : value != ""])
    error_message = "the platform takes no empty value: leave the setting out."
  }
  validation {
    condition     = alltrue([for name in keys(var.environment) : !can(regex("^(SCF|QCLOUD|TENCENTCLOUD)_", name))])
    error_message = "names that begin with SCF_, QCLOUD_ or TENCENTCLOUD_ belong to the platform."
  }
}

variable "memory" {
  description = "memory of the function in MB, a multiple of 128"
  type        = number
  default     = 128

  validation {
    condition     = var.memory >= 128 && var.memory % 128 == 0
    error_message = "memory must be a multiple of 128."
  }
}

variable "timeout" {
  description = "how long a run may take, in seconds; below 15 there is no time for the export"
  type        = number
  default     = 60

  validation {
    condition     = var.timeout >= 15 && var.timeout <= 900
    error_message = "timeout must be from 15 to 900."
  }
}

variable "timers" {
  description = "what starts the function: seven fields (second, minute, hour, day of month, month, day of week, year) in UTC+8, and the mode of the run"
  type = map(object({
    cron     = string
    argument = string
    enabled  = optional(bool, true)
  }))
  default = {
    licensewatch-digest = { cron = "0 7 9 * * * *", argument = "digest" }                   # every day at 09:07
    licensewatch-alert  = { cron = "0 37 * * * * *", argument = "alert" }                   # every hour at minute 37
    licensewatch-report = { cron = "0 23 9 1 * * *", argument = "report", enabled = false } # a page for people, on the first of each month at 09:23
  }
}

variable "retries" {
  description = "how often the platform runs an event again that failed"
  type        = number
  default     = 2

  validation {
    condition     = contains([0, 1, 2], var.retries)
    error_message = "the platform takes 0, 1 or 2."
  }
}

variable "retention_seconds" {
  description = "how long the platform keeps an event that it cannot run, or run again, at once"
  type        = number
  default     = 21600

  validation {
    condition     = var.retention_seconds >= 60 && var.retention_seconds <= 21600
    error_message = "the platform takes 60 to 21600."
  }
}

variable "reads_own_account" {
  description = "whether the function reads the account it is in: true without an accounts file, and where that lists the account with self: true"
  type        = bool
  default     = true
}

variable "export" {
  description = "whether the license details of that account are exported; null: they are without an accounts file, as there LICENSEWATCH_EXPORT says, else with export: true in it"
  type        = bool
  default     = null
}

variable "accounts_file" {
  description = "the accounts file on this machine; it is put into the bucket of the memory, so that another list is no new deployment. null: one account"
  type        = string
  default     = null
}

variable "assume_roles" {
  description = "the roles that the function assumes to read other accounts, for example qcs::cam::uin/100000000001:roleName/licensewatch-reader; for more than 300 accounts one with a * for the uin: the trust policy of each account decides all the same"
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for role in var.assume_roles : can(regex("^qcs::cam::uin/([0-9]+|\\*):role(Name)?/.+$", role))])
    error_message = "write a role as qcs::cam::uin/100000000001:roleName/licensewatch-reader."
  }
  validation {
    condition     = length(var.assume_roles) <= 300
    error_message = "at most 300 roles fit the policies of a role: write qcs::cam::uin/*:roleName/licensewatch-reader."
  }
}

variable "lists_organization" {
  description = "whether the accounts file has an organization, whose members the function lists"
  type        = bool
  default     = false
}

variable "archive" {
  description = "whether evidence is kept in a bucket of its own"
  type        = bool
  default     = false
}

variable "archive_retention_days" {
  description = "for how many days nobody can delete or change evidence (object lock). It cannot be switched off or shortened afterwards: try it with 1 first. null: no lock"
  type        = number
  default     = null

  validation {
    condition     = var.archive_retention_days == null || try(var.archive_retention_days >= 1 && var.archive_retention_days <= 36500, false)
    error_message = "archive_retention_days must be from 1 to 36500."
  }
}

variable "archive_cold_days" {
  description = "after how many days evidence moves to the cheaper class STANDARD_IA; null: never"
  type        = number
  default     = null
}

variable "archive_delete_days" {
  description = "after how many days evidence is deleted; more than archive_retention_days. null: never"
  type        = number
  default     = null
}

variable "tags" {
  description = "tags of everything that takes them"
  type        = map(string)
  default     = {}
}
