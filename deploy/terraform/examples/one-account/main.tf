# One account, the function's own: a digest every day, alerts every hour, evidence for a year.

terraform {
  required_providers {
    tencentcloud = {
      source  = "tencentcloudstack/tencentcloud"
      version = ">= 1.83.16"
    }
  }
}

variable "package" {
  type = string
}

variable "slack_webhook_url" {
  type      = string
  sensitive = true
}

provider "tencentcloud" {
  region = "ap-guangzhou"
}

module "licensewatch" {
  source = "../../function"

  region  = "ap-guangzhou"
  package = var.package
  environment = {
    LICENSEWATCH_SLACK_WEBHOOK_URL = var.slack_webhook_url
    LICENSEWATCH_SLACK_MENTION     = "here"
    LICENSEWATCH_LANGUAGE          = "en"
  }

  archive           = true
  archive_cold_days = 30
}

output "memory" {
  value = module.licensewatch.memory
}
