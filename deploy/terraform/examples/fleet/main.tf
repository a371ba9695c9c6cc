# One function for three accounts: its own, one that trusts it by a role, and one on the
# international site, whose role the keys of LICENSEWATCH_INTL assume.

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

variable "external_id" {
  type      = string
  sensitive = true
}

variable "webhooks" {
  type      = object({ pay = string, security = string })
  sensitive = true
}

# A user of the international site that may assume the roles there, and its account.
variable "intl" {
  type      = object({ secret_id = string, secret_key = string, uin = string })
  sensitive = true
}

# Each account has credentials of its own, from TENCENTCLOUD_PROFILE or assume_role.
provider "tencentcloud" {
  region = "ap-guangzhou"
}

provider "tencentcloud" {
  alias   = "pay"
  region  = "ap-guangzhou"
  profile = "pay"
}

provider "tencentcloud" {
  alias   = "sea"
  region  = "ap-singapore"
  profile = "sea"
}

data "tencentcloud_user_info" "function" {}

module "pay" {
  source    = "../../account"
  providers = { tencentcloud = tencentcloud.pay }

  trusted_account = data.tencentcloud_user_info.function.owner_uin
  external_id     = var.external_id
}

module "sea" {
  source    = "../../account"
  providers = { tencentcloud = tencentcloud.sea }

  trusted_account = nonsensitive(var.intl.uin)
  external_id     = var.external_id
}

module "licensewatch" {
  source = "../../function"

  region        = "ap-guangzhou"
  package       = var.package
  timeout       = 300
  accounts_file = "${path.module}/accounts.yaml"
  assume_roles  = [module.pay.role_arn] # the keys of LICENSEWATCH_INTL assume the other one
  environment = {
    LICENSEWATCH_EXTERNAL_ID     = var.external_id
    LICENSEWATCH_INTL_SECRET_ID  = var.intl.secret_id
    LICENSEWATCH_INTL_SECRET_KEY = var.intl.secret_key
    LICENSEWATCH_WECOM_PAY       = var.webhooks.pay
    LICENSEWATCH_SLACK_SECURITY  = var.webhooks.security
  }
}

output "accounts" {
  value = { pay = module.pay.account, sea = module.sea.account }
}
