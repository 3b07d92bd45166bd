<?php
namespace OmsBridge;

class Info
{
    private static $tables = array('product_code', 'product_special', 'product_discount', 'product_variant', 'identifier',
        'order_voucher', 'order_subscription', 'zone_description', 'api_session', 'startup');
    private $bridge;
    private $db;

    public function __construct(Bridge $bridge)
    {
        $this->bridge = $bridge;
        $this->db = $bridge->db;
    }

    public function info(Call $call)
    {
        $settings = new ShopSettings($this->db, array('config_name', 'config_currency', 'config_language', 'config_language_catalog',
            'config_maintenance', 'config_stock_checkout', 'config_processing_status', 'config_complete_status',
            'config_order_status_id', 'config_void_status_id', 'config_fraud_status_id', 'config_customer_group_id'));
        $languages = $this->typed($this->db->rows('SELECT `language_id`, `code`, `name`, `status` FROM ' . $this->db->table('language') . ' ORDER BY `language_id`'), array('language_id', 'status'));
        $schema = $this->bridge->schema;
        return new Answer(array(
            'bridge' => array('version' => Version::BRIDGE, 'protocol' => Version::PROTOCOL, 'line' => $this->bridge->shop->line()),
            'shop' => $this->shop($settings, $languages),
            'clock' => $this->bridge->clock->both(),
            'schema' => array(
                'tables' => $schema->existing(self::$tables),
                'product' => $schema->columns('product'),
                'product_option_value' => $schema->columns('product_option_value'),
                'order' => $schema->columns('order'),
            ),
            'languages' => $languages,
            'currencies' => $this->typed($this->db->rows('SELECT `code`, `title`, `value`, `decimal_place`, `status` FROM ' . $this->db->table('currency') . ' ORDER BY `currency_id`'), array('status')),
            'stores' => $this->stores($settings),
            'order_statuses' => $this->typed($this->db->rows('SELECT `order_status_id`, `language_id`, `name` FROM ' . $this->db->table('order_status') . ' ORDER BY `order_status_id`, `language_id`'), array('order_status_id', 'language_id')),
            'processing_status' => $settings->numbers('config_processing_status'),
            'complete_status' => $settings->numbers('config_complete_status'),
            'default_order_status' => $settings->number('config_order_status_id'),
            'void_status' => $settings->number('config_void_status_id'),
            'fraud_status' => $settings->number('config_fraud_status_id'),
            'counts' => $this->counts(),
            'webhook' => $this->bridge->webhook->state(),
            'limits' => array(
                'requests_per_minute' => $this->bridge->gate->perMinute(),
                'max_body' => $this->bridge->gate->maxBody(),
                'max_page' => 1000,
                'max_order_writes' => OrderWriter::MOST,
                'max_products' => ProductWriter::MOST,
                'clock_window' => Gate::WINDOW,
            ),
        ));
    }

    private function shop(ShopSettings $settings, $languages)
    {
        $code = $settings->language();
        $language_id = null;
        foreach ($languages as $language) {
            $language_id = $language['code'] === $code ? $language['language_id'] : $language_id;
        }
        return array(
            'identity' => $this->bridge->settings->get('identity'),
            'name' => (string)$settings->get('config_name', ''),
            'url' => $this->bridge->shop->url(),
            'version' => $this->bridge->shop->version(),
            'php' => PHP_VERSION,
            'database' => $this->db->value('SELECT VERSION()'),
            'image_base' => $this->bridge->shop->url() . 'image/',
            'currency' => (string)$settings->get('config_currency', ''),
            'language' => $code,
            'language_id' => $language_id,
            'customer_group_id' => $settings->number('config_customer_group_id'),
            'maintenance' => (bool)$settings->number('config_maintenance'),
            'stock_checkout' => (int)$settings->number('config_stock_checkout'),
        );
    }

    private function stores(ShopSettings $settings)
    {
        $stores = array(array('store_id' => 0, 'name' => (string)$settings->get('config_name', ''), 'url' => $this->bridge->shop->url()));
        foreach ($this->db->rows('SELECT `store_id`, `name`, `url` FROM ' . $this->db->table('store') . ' ORDER BY `store_id`') as $row) {
            $stores[] = array('store_id' => (int)$row['store_id'], 'name' => $row['name'], 'url' => $row['url']);
        }
        return $stores;
    }

    private function counts()
    {
        $count = array();
        foreach (array('products' => 'product', 'orders' => 'order', 'categories' => 'category', 'manufacturers' => 'manufacturer') as $name => $table) {
            $count[$name] = (int)$this->db->value('SELECT COUNT(*) FROM ' . $this->db->table($table));
        }
        $count['last_order_history_id'] = (int)$this->db->value('SELECT MAX(`order_history_id`) FROM ' . $this->db->table('order_history'));
        $count['last_event_id'] = $this->bridge->outbox->lastId();
        return $count;
    }

    private function typed($rows, $columns)
    {
        foreach ($rows as $i => $row) {
            foreach ($columns as $column) {
                $rows[$i][$column] = (int)$row[$column];
            }
        }
        return $rows;
    }
}
